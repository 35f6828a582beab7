namespace Relo.Archive.PackedArchive;

/// <summary>
/// The first entry of a packed archive: a tar of kernels in which most BTF is stored as a difference.
/// <code>
/// relo-archive.json              this
/// kernels/&lt;id&gt;.json              a PackedKernel
/// kernels/&lt;id&gt;.btf.zst           its BTF, or the difference
/// kernels/&lt;id&gt;.modules.zst       the BTF of its modules
/// </code>
/// </summary>
/// <param name="Format">The version of the format.</param>
/// <param name="Kernels">The number of kernels that follow.</param>
internal sealed record PackedHead(int Format, int Kernels)
{
    /// <summary>The only version so far.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The name of the entry, by which a packed archive is recognised.</summary>
    public const string Entry = "relo-archive.json";

    /// <summary>Endings of the entries of a kernel.</summary>
    public const string Json = ".json", Btf = ".btf.zst", Modules = ".modules.zst";

    /// <summary>Whether a file begins as a packed archive does.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith("relo-archive.json\0"u8);

    /// <summary>The name of an entry of a kernel.</summary>
    public static string EntryOf(string kernel, string ending) => $"kernels/{kernel}{ending}";
}
