namespace Relo.Core.Bytes;

/// <summary>What the user can do with a file.</summary>
public enum FileKindGroup
{
    /// <summary>Compressed with a Content-Encoding of HTTP.</summary>
    Coding,

    /// <summary>Compressed otherwise.</summary>
    Packed,

    /// <summary>Contains files, one of which may be the right one.</summary>
    Archive,

    /// <summary>LLVM bitcode.</summary>
    Bitcode,

    /// <summary>Raw BTF.</summary>
    Btf,

    /// <summary>A page that a web server sends instead of a file.</summary>
    Page,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A pointer file, from a clone without git-lfs.</summary>
    LfsPointer,

    /// <summary>Anything else.</summary>
    Other,
}
