using Microsoft.Extensions.Options;
using Relo.Core.Bytes;

namespace Relo.Api.Access;

/// <summary>
/// Refuses keys that cannot work, so that the service does not run open or locked by mistake. The messages never hold a key.
/// </summary>
internal sealed class AccessOptionsCheck : IValidateOptions<AccessOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var faults = new List<string>();
        if (options.Mode != AccessMode.Open && options.Keys.Count == 0)
        {
            faults.Add($"Access:Mode is {options.Mode} but Access:Keys has no key; "
                + "set Access:Keys:<name> (environment: Access__Keys__<name>), "
                + "Access:KeyFile or Access:KeysFolder, or Access:Mode=Open");
        }

        faults.AddRange(KeyFaults(options.Keys));
        foreach (var (holder, scopes) in options.Scopes)
        {
            if (!options.Keys.ContainsKey(holder)) faults.Add($"Access:Scopes:{holder} is set, but there is no key of that name");
            if (ScopeNames.Fault(scopes, out _) is { } word)
                faults.Add($"Access:Scopes:{holder} has '{word}', expected one or more of {ScopeNames.All}");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> KeyFaults(Dictionary<string, string> keys)
    {
        var holders = new Dictionary<Digest, string>();
        foreach (var (holder, key) in keys)
        {
            if (!KeySources.IsDigest(key) || !Digest.TryParse(key, out var digest))
                yield return $"Access:Keys:{holder} has {key.Length} characters, expected a key of at least {KeySources.ShortestKey}, "
                    + "or sha256: and 64 hexadecimal digits";
            // Otherwise one name would have the scopes of the other.
            else if (!holders.TryAdd(digest, holder))
                yield return $"Access:Keys:{holder} is the same key as Access:Keys:{holders[digest]}, expected another key for each name";
        }
    }
}
