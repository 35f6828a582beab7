namespace Relo.Api.Access;

/// <summary>Section <c>Access</c>: who may do what.</summary>
internal sealed class AccessOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Access";

    /// <summary>Which routes need a key.</summary>
    public AccessMode Mode { get; set; } = AccessMode.Open;

    /// <summary>The keys by the name of their holder: the key itself, or <c>sha256:</c> and the digest of it. Once bound, digests only.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What a key allows, by the name of its holder: some of <c>read,relocate,objects,kernels</c>. A key that is not named here allows everything.</summary>
    public Dictionary<string, string> Scopes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An INI file with more keys in its section <c>[Keys]</c>, and <c>[Scopes]</c>; empty = none.</summary>
    public string KeyFile { get; set; } = "";

    /// <summary>A folder with a file for each further key, as containers are given secrets: named for the holder, the key in it; empty = none.</summary>
    public string KeysFolder { get; set; } = "";
}

/// <summary>Which routes need a key.</summary>
internal enum AccessMode
{
    /// <summary>None.</summary>
    Open,

    /// <summary>Those that change what the service keeps for others.</summary>
    Keys,

    /// <summary>All under /v1 and /api/v1.</summary>
    KeysForAll,
}
