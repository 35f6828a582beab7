using System.Formats.Tar;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.PackedArchive;

/// <summary>Reads the entries of a packed archive in their order. Nothing is written to paths in it.</summary>
/// <param name="file">The packed archive.</param>
/// <param name="maxEntryBytes">The largest entry that is accepted.</param>
/// <param name="ct">Stops it.</param>
internal sealed class PackedReader(Stream file, long maxEntryBytes, CancellationToken ct)
{
    private const int MaxJsonBytes = 16 << 20; // thousands of modules are a megabyte

    private readonly TarWalk _tar = new(file, ct);

    /// <summary>The first entry.</summary>
    /// <exception cref="KernelFileException">It is missing, or of a newer format.</exception>
    public PackedHead Head()
    {
        var head = Json(Next() ?? throw new KernelFileException("the packed archive is empty"), PackedJson.Default.PackedHead);
        return head.Format == PackedHead.CurrentFormat
            ? head
            : throw new KernelFileException($"the packed archive has format {head.Format}, this program reads {PackedHead.CurrentFormat}");
    }

    /// <summary>The next kernel; null at the end.</summary>
    /// <exception cref="KernelFileException">The archive is damaged.</exception>
    public (PackedKernel Kernel, byte[] Btf, byte[] Modules)? Kernel()
    {
        if (Next() is not { } member) return null;
        var kernel = Json(member, PackedJson.Default.PackedKernel);
        var id = $"{kernel.Distro}/{kernel.Version}/{kernel.Arch}/{kernel.Release}";
        Expect(member, PackedHead.EntryOf(id, PackedHead.Json));
        if (kernel.Modules.Contains(null!)) throw new KernelFileException($"entry '{member.Name}' has a module that is null");
        var btf = kernel.Form == PackedForm.Same ? [] : Bytes(PackedHead.EntryOf(id, PackedHead.Btf));
        var modules = kernel.Modules.Count == 0 ? [] : Bytes(PackedHead.EntryOf(id, PackedHead.Modules));
        return (kernel, btf, modules);
    }

    private TarMember? Next() => _tar.Next();

    private T Json<T>(TarMember member, JsonTypeInfo<T> type)
    {
        var bytes = Bytes(member, MaxJsonBytes);
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new KernelFileException($"entry '{member.Name}' is null");
        }
        catch (JsonException e)
        {
            throw new KernelFileException($"entry '{member.Name}' is not as expected: {e.Message}");
        }
    }

    private byte[] Bytes(string name)
    {
        var member = Next() ?? throw new KernelFileException($"the packed archive ends before its entry '{name}'");
        Expect(member, name);
        return Bytes(member, maxEntryBytes);
    }

    private byte[] Bytes(TarMember member, long most)
    {
        if (member.Type is not TarEntryType.RegularFile)
            throw new KernelFileException($"entry '{member.Name}' is a {member.Type}; expected a regular file");
        if (member.SizeBytes > most)
            throw new KernelFileException($"entry '{member.Name}' has {member.SizeBytes} bytes, at most {most} are accepted");
        if (member.SizeBytes > file.Length)
            throw new KernelFileException($"the packed archive is truncated in its entry '{member.Name}'");
        var bytes = new byte[member.SizeBytes];
        for (var at = 0; at < bytes.Length;) at += _tar.Read(bytes.AsSpan(at));
        return bytes;
    }

    private static void Expect(TarMember member, string name)
    {
        if (member.Name != name) throw new KernelFileException($"found entry '{member.Name}', expected '{name}'");
    }
}
