using Microsoft.Extensions.Options;
using Relo.Core.Bytes;

namespace Relo.Api.Access;

/// <summary>Refuses to start with keys that cannot work, rather than run open or locked by mistake.</summary>
internal sealed class AccessOptionsCheck : IValidateOptions<AccessOptions>
{
    private const int ShortestKey = 16;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var faults = new List<string>();
        if (options.Mode != AccessMode.Open && options.Keys.Count == 0)
            faults.Add($"Access:Mode is {options.Mode} but Access:Keys has no key; set Access:Keys:<name> (environment: Access__Keys__<name>) or Access:Mode=Open");

        foreach (var (holder, key) in options.Keys)
        {
            if (key.StartsWith(Digest.Prefix, StringComparison.OrdinalIgnoreCase) ? !Digest.TryParse(key, out _) : key.Length < ShortestKey)
                faults.Add($"Access:Keys:{holder} has {key.Length} characters, expected a key of at least {ShortestKey}, or sha256: and 64 hexadecimal digits");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
