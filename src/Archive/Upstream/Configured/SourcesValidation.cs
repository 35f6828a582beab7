using Microsoft.Extensions.Options;

namespace Relo.Archive.Upstream.Configured;

/// <summary>Validates the sources at the start.</summary>
internal sealed class SourcesValidation : IValidateOptions<UpstreamOptions>
{
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options) =>
        SourceSettingsCheck.Fault(options.Sources) is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
}
