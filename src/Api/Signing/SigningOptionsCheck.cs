using Microsoft.Extensions.Options;

namespace Relo.Api.Signing;

/// <summary>Checks section <c>Signing</c> at the start: a setting without effect is refused, and so is a key that cannot be read.</summary>
internal sealed class SigningOptionsCheck : IValidateOptions<SigningOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, SigningOptions options)
    {
        var faults = new List<string>();
        if (options is { KeyFile.Length: > 0, Command.Length: > 0 })
            faults.Add("Signing:KeyFile and Signing:Command are both given; expected one of them");
        if (options.Command.Length > 0 != options.PublicKeyFile.Length > 0)
            faults.Add("Signing:Command and Signing:PublicKeyFile are given together or not at all");
        if (options is { KeyPasswordFile.Length: > 0, KeyFile.Length: 0 })
            faults.Add("Signing:KeyPasswordFile is given without Signing:KeyFile");
        if (!Uri.TryCreate(options.BuilderId, UriKind.Absolute, out _))
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
}
