namespace Relo.Api.Access;

/// <summary>Section <c>Access</c>: API keys and their scopes.</summary>
internal sealed class AccessOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Access";

    /// <summary>Which routes need a key.</summary>
    public AccessMode Mode { get; set; } = AccessMode.Open;

    /// <summary>
    /// The keys by the name of their holder: the key itself, or <c>sha256:</c> and its digest. After binding, digests only.
    /// </summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The scopes of each key, by the name of its holder: one or more of <c>read,relocate,objects,kernels,audit</c>. A key without an entry
    /// allows everything.
    /// </summary>
    public Dictionary<string, string> Scopes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// An INI file with more keys in section <c>[Keys]</c>, and their scopes in <c>[Scopes]</c>; read again when it changes; empty =
    /// none.
    /// </summary>
    public string KeyFile { get; set; } = "";

    /// <summary>
    /// A folder with one file per key, named for its holder, as containers get secrets; read again when it changes; empty = none.
    /// </summary>
    public string KeysFolder { get; set; } = "";
}
