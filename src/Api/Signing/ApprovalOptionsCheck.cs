using Microsoft.Extensions.Options;

namespace Relo.Api.Signing;

/// <summary>Reads the keys for signed uploads at the start, so that a wrong file is refused then and not at the first upload.</summary>
internal sealed class ApprovalOptionsCheck : IValidateOptions<ApprovalOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ApprovalOptions options)
    {
        try
        {
            options.Keys();
            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException e)
        {
            return ValidateOptionsResult.Fail(e.Failures);
        }
    }
}
