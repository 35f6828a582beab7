using Microsoft.Extensions.Options;

namespace Relo.Api.Signing;

/// <summary>Checks section <c>Signing</c> at the start: a setting without effect is refused, and so is a key that cannot be read.</summary>
internal sealed class SigningOptionsCheck : IValidateOptions<SigningOptions>
{
    /// <summary>Runs <c>Signing:Command</c>.</summary>
    public string Shell { get; init; } = CommandSigner.Shell;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SigningOptions options)
    {
        var faults = new List<string>();
        if (options is { KeyFile.Length: > 0, Command.Length: > 0 })
            faults.Add("Signing:KeyFile and Signing:Command are both given; expected one of them");
        if (options.Command.Length > 0 != options.PublicKeyFile.Length > 0)
            faults.Add("Signing:Command and Signing:PublicKeyFile are given together or not at all");
        if (options.Command.Length > 0 && !File.Exists(Shell))
            faults.Add($"Signing:Command is given, but there is no {Shell} to run it; expected an image with a shell, or Signing:KeyFile");
        if (options is { KeyPasswordFile.Length: > 0, KeyFile.Length: 0 })
            faults.Add("Signing:KeyPasswordFile is given without Signing:KeyFile");
        if (options is { FormerKeysFolder.Length: > 0, KeyFile.Length: 0, Command.Length: 0 })
            faults.Add("Signing:FormerKeysFolder is given without Signing:KeyFile or Signing:Command");
        if (!IsUri(options.BuilderId))
            faults.Add($"Signing:BuilderId is '{options.BuilderId}', expected a URI such as https://relo.example/builder");
        if (faults.Count > 0) return ValidateOptionsResult.Fail(faults);
        try
        {
            SigningKeys.Of(options).Dispose();
            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException e)
        {
            return ValidateOptionsResult.Fail(e.Failures);
        }
    }

    // On Linux, /builder is a path and so an absolute "URI" without a scheme.
    private static bool IsUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.StartsWith($"{uri.Scheme}:", StringComparison.OrdinalIgnoreCase);
}
