namespace Relo.Api.Commands;

/// <summary>An option of a command.</summary>
/// <param name="Name">Its name: <c>--dry-run</c>.</param>
/// <param name="Value">What follows it: <c>&lt;file&gt;</c>; null if nothing does.</param>
/// <param name="Meaning">Its description.</param>
/// <param name="MayRepeat">Whether it may be given several times.</param>
/// <param name="IsRequired">Whether the command needs it.</param>
internal sealed record CommandOption(string Name, string? Value, string Meaning, bool MayRepeat = false, bool IsRequired = false)
{
    /// <summary>Its name and value, for the help.</summary>
    public string Usage => Value is null ? Name : $"{Name} {Value}";

    public static implicit operator CommandOption((string Name, string Meaning) flag) => new(flag.Name, null, flag.Meaning);

    public static implicit operator CommandOption((string Name, string Value, string Meaning) option) =>
        new(option.Name, option.Value, option.Meaning);
}
