namespace Relo.Core.Bytes;

/// <summary>What can be done about a file of a kind.</summary>
public enum FileKindGroup
{
    /// <summary>Compressed with a Content-Encoding of HTTP.</summary>
    Coding,

    /// <summary>Compressed otherwise.</summary>
    Packed,

    /// <summary>Holds files, of which one may be the right one.</summary>
    Archive,

    /// <summary>LLVM bitcode.</summary>
    Bitcode,

    /// <summary>Raw BTF.</summary>
    Btf,

    /// <summary>A page that a web server sends instead of a file.</summary>
    Page,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A pointer that a clone without git-lfs has instead of the file.</summary>
    LfsPointer,

    /// <summary>Nothing.</summary>
    Other,
}
