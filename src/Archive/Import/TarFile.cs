using System.Formats.Tar;

namespace Relo.Archive.Import;

/// <summary>
/// A tar as BTFHub makes them: exactly one file, <c>&lt;release&gt;.btf</c>. Nothing is unpacked to a path of the file's choosing, and yet a name
/// that points elsewhere is refused: such a tar is no one's honest kernel.
/// </summary>
internal static class TarFile
{
    private const int MagicAt = 257;
    private const string Suffix = ".btf";
    private const int MaxEntries = 64;

    public static bool Recognises(ReadOnlySpan<byte> head) => head.Length > MagicAt + 5 && head[MagicAt..].StartsWith("ustar"u8);

    public static KernelFile Read(ReadOnlyMemory<byte> file, UnpackLimits limits)
    {
        KernelFile? found = null;
        string? foundName = null;
        try
        {
            using var tar = new TarReader(MemoryStreams.Over(file));
            for (var entries = 0; tar.GetNextEntry() is { } entry; entries++)
            {
                if (entries == MaxEntries) throw new KernelFileException($"the tar has more than {MaxEntries} entries; expected one, <release>{Suffix}");
                if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes) continue;
                var release = ReleaseOf(entry);
                if (found is not null) throw new KernelFileException($"the tar holds '{foundName}' and '{entry.Name}'; expected one file, <release>{Suffix}");
                foundName = entry.Name;
                found = new(BytesOf(entry, limits), "tar", release, KernelName.ArchOfRelease(release));
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw new KernelFileException($"the tar is truncated or damaged: {e.Message}", e);
        }

        return found ?? throw new KernelFileException($"the tar is empty; expected one file, <release>{Suffix}");
    }

    private static string ReleaseOf(TarEntry entry)
    {
        // Debian's tar writes ./name where a folder was packed.
        var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            throw new KernelFileException($"tar entry '{entry.Name}' is a {entry.EntryType}; expected a regular file");
        if (name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
            throw new KernelFileException($"tar entry '{entry.Name}' points to another folder; expected <release>{Suffix}");
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
            throw new KernelFileException($"tar entry '{entry.Name}' is no {Suffix} file; expected one file, <release>{Suffix}");
        var release = name[..^Suffix.Length];
        return KernelName.Fault("release", release) is { } fault ? throw new KernelFileException($"tar entry '{entry.Name}': {fault}") : release;
    }

    private static byte[] BytesOf(TarEntry entry, UnpackLimits limits)
    {
        if (entry.Length == 0 || entry.DataStream is null) throw new KernelFileException($"tar entry '{entry.Name}' is empty; expected raw BTF");
        if (entry.Length > limits.BtfBytes) throw new KernelFileException($"tar entry '{entry.Name}' has {entry.Length} bytes, at most {limits.BtfBytes} are taken");
        // The stream ends with the tar, so a length that lies allocates no more than its own claim, which is capped above.
        var bytes = new byte[entry.Length];
        entry.DataStream.ReadExactly(bytes);
        return RawBtf.Recognises(bytes)
            ? bytes
            : throw new KernelFileException($"tar entry '{entry.Name}' begins with {Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(4, bytes.Length)))}, expected the magic of BTF, 9feb or eb9f") { Code = Rejected.InvalidBtf };
    }
}
