namespace Relo.Api.Access;

/// <summary>Section <c>Access</c>: who may do what.</summary>
internal sealed class AccessOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Access";

    /// <summary>Which routes need a key.</summary>
    public AccessMode Mode { get; set; } = AccessMode.Open;

    /// <summary>The keys by the name of their holder: the key itself, or <c>sha256:</c> and the digest of it.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Which routes need a key.</summary>
internal enum AccessMode
{
    /// <summary>None.</summary>
    Open,

    /// <summary>Those that change what the service keeps for others.</summary>
    Keys,

    /// <summary>All under /v1.</summary>
    KeysForAll,
}
