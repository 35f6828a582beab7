using System.Formats.Tar;
using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles.Unpacking;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.KernelFiles;

/// <summary>
/// A tar in BTFHub's format: exactly one file, <c>&lt;release&gt;.btf</c>. Nothing is written to paths in the tar, but names that point
/// to other folders are refused anyway.
/// </summary>
internal static class TarFile
{
    private const string Suffix = ".btf";
    private const int MaxEntries = 64;

    public static bool Recognises(ReadOnlySpan<byte> head) => TarWalk.Recognises(head);

    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits, CancellationToken ct)
    {
        KernelFile? found = null;
        string? foundName = null;
        var tar = new TarWalk(new BytesStream(file), ct);
        for (var entries = 0; tar.Next() is { } entry; entries++)
        {
            if (entries == MaxEntries)
                throw new KernelFileException($"the tar has more than {MaxEntries} entries; expected one, <release>{Suffix}");
            if (entry.Type is TarEntryType.Directory) continue;
            var release = ReleaseOf(entry);
            if (found is not null)
                throw new KernelFileException($"the tar contains '{foundName}' and '{entry.Name}'; expected one file, <release>{Suffix}");
            foundName = entry.Name;
            found = new(BytesOf(tar, entry, file.Length, limits), "tar") { Release = release, Arch = KernelName.ArchOfRelease(release) };
        }

        return found ?? throw new KernelFileException($"the tar is empty; expected one file, <release>{Suffix}");
    }

    private static string ReleaseOf(TarMember entry)
    {
        // tar writes ./name if a folder was packed.
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (entry.Type is not TarEntryType.RegularFile)
            throw new KernelFileException($"tar entry '{entry.Name}' is a {entry.Type}; expected a regular file");
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal)
            || name.Contains("..", StringComparison.Ordinal))
            throw new KernelFileException($"tar entry '{entry.Name}' points to another folder; expected <release>{Suffix}");
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
            throw new KernelFileException($"tar entry '{entry.Name}' is not a {Suffix} file; expected one file, <release>{Suffix}");
        var release = name[..^Suffix.Length];
        return KernelName.Fault("release", release) is { } fault
            ? throw new KernelFileException($"tar entry '{entry.Name}': {fault}")
            : release;
    }

    private static byte[] BytesOf(TarWalk tar, TarMember entry, int tarBytes, UnpackLimits limits)
    {
        if (entry.SizeBytes == 0) throw new KernelFileException($"tar entry '{entry.Name}' is empty; expected raw BTF");
        if (entry.SizeBytes > limits.BtfBytes)
            throw new KernelFileException($"tar entry '{entry.Name}' has {entry.SizeBytes} bytes, at most {limits.BtfBytes} are accepted");
        if (entry.SizeBytes > tarBytes)
            throw new KernelFileException(
                $"the tar is truncated: entry '{entry.Name}' has {entry.SizeBytes} bytes, the whole tar {tarBytes}");
        var bytes = new byte[entry.SizeBytes];
        for (var at = 0; at < bytes.Length;) at += tar.Read(bytes.AsSpan(at));
        return RawBtf.Recognises(bytes)
            ? bytes
            : throw new KernelFileException(
                $"tar entry '{entry.Name}' begins with {Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(4, bytes.Length)))}, "
                + "expected the magic of BTF, 9feb or eb9f")
            {
                Code = Rejected.InvalidBtf,
            };
    }
}
