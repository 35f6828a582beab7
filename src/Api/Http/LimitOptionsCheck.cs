using Microsoft.Extensions.Options;

namespace Relo.Api.Http;

/// <summary>Refuses to start with limits that cannot be kept.</summary>
internal sealed class LimitOptionsCheck : IValidateOptions<LimitOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var faults = new List<string>();
        // Objects are held in memory; kernel files are mapped in one piece, which .NET addresses with an int.
        if (options.ObjectBytes is < 1024 or > 1 << 30) faults.Add($"Limits:ObjectBytes is {options.ObjectBytes}, expected 1024 to {1 << 30}");
        if (options.KernelFileBytes is < 1024 or > int.MaxValue) faults.Add($"Limits:KernelFileBytes is {options.KernelFileBytes}, expected 1024 to {int.MaxValue}");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
