using System.Globalization;

namespace Relo.Conformance.Oracle;

/// <summary>
/// Which programs of an object libbpf is to load, and so to relocate (bpf_program__set_autoload); the default value means all.
/// </summary>
public readonly record struct Autoload
{
    private readonly string? _word;

    private Autoload(string word) => _word = word;

    /// <summary>As libbpf sets it when it opens the object: all but <c>SEC("?…")</c>.</summary>
    public static Autoload Default { get; } = new("d");

    /// <summary>One program alone, by its index among the object's programs.</summary>
    public static Autoload Only(int program) => new(program.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => _word ?? "";
}
