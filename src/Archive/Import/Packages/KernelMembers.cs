using Relo.Archive.Import.Unpacking;

namespace Relo.Archive.Import.Packages;

/// <summary>
/// Looks at the members of a package as they come by, and keeps only what may be a kernel. The first with BTF is it: packages of several
/// files of one kernel (vmlinuz, and a vmlinux with debug information) have the same BTF in all.
/// </summary>
internal sealed class KernelMembers(Unpacker unpacker, int depth)
{
    private const int MaxTried = 4;

    private readonly List<string> _faults = [];

    /// <summary>Why no candidate was taken; null where there was none.</summary>
    public string? Faults => _faults.Count == 0 ? null : string.Join("; ", _faults);

    /// <summary>The kernel, if this member is one with BTF.</summary>
    public KernelFile? Consider(string path, long sizeBytes, Stream content)
    {
        if (sizeBytes == 0 || _faults.Count == MaxTried || KernelPaths.ReleaseOf(path) is not { } release) return null;
        if (sizeBytes > unpacker.Limits.FileBytes)
        {
            _faults.Add($"{path} has {sizeBytes} bytes, at most {unpacker.Limits.FileBytes} are taken");
            return null;
        }

        var file = unpacker.Keep(content, path);
        var mark = unpacker.Mark;
        try
        {
            var read = KernelFileReader.Read(file, unpacker, depth - 1);
            return read with { Release = read.Release ?? release };
        }
        catch (KernelFileException e) when (!unpacker.IsSpent)
        {
            _faults.Add($"{path}: {e.Message}");
            unpacker.ReleaseSince(mark);
            return null;
        }
    }
}
