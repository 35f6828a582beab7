using Relo.Archive.Blobs;
using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Bytes;
using Relo.Core.StableForms;
using ZstdSharp;

namespace Relo.Archive.PackedArchive;

/// <summary>Restores the BTF of the kernels of a packed archive, in their order, and checks every digest.</summary>
/// <param name="maxBytes">The largest BTF that is accepted, and the most for all modules of a kernel.</param>
internal sealed class Unpacker(long maxBytes)
{
    private ReadOnlyMemory<byte> _last; // of the previous kernel
    private ReadOnlyMemory<byte> _base; // of the last kernel that is stored alone
    private byte[]? _baseForm;

    /// <summary>The raw BTF of a kernel.</summary>
    /// <exception cref="KernelFileException">It is damaged, or depends on one that was.</exception>
    public ReadOnlyMemory<byte> Btf(PackedKernel kernel, byte[] packed)
    {
        var before = _last;
        _last = default;
        if (kernel.Form == PackedForm.Alone) (_base, _baseForm) = (default, null);
        if (kernel.SizeBytes is <= 0 || kernel.SizeBytes > maxBytes)
            throw new KernelFileException($"its BTF has {kernel.SizeBytes} bytes, expected 1 to {maxBytes}");
        var btf = Checked("its BTF", kernel.Btf, kernel.Form switch
        {
            PackedForm.Alone => Decompress(packed, kernel.SizeBytes, default),
            PackedForm.Difference => Difference(kernel, packed),
            _ => before,
        });
        if (kernel.Form == PackedForm.Alone) _base = btf;
        return _last = btf;
    }

    /// <summary>The split BTF of the modules of a kernel, in their order.</summary>
    /// <exception cref="KernelFileException">It is damaged.</exception>
    public List<(PackedModule Module, ReadOnlyMemory<byte> Btf)> Modules(PackedKernel kernel, byte[] packed)
    {
        var size = kernel.Modules.Sum(module => (long)module.SizeBytes);
        if (kernel.Modules.Any(module => module.SizeBytes <= 0) || size > maxBytes)
            throw new KernelFileException($"its modules have {size} bytes, or one has none; at most {maxBytes} are accepted");
        CheckNames(kernel.Modules);
        var (all, at) = (Decompress(packed, (int)size, default), 0);
        var modules = new List<(PackedModule, ReadOnlyMemory<byte>)>();
        foreach (var module in kernel.Modules)
        {
            modules.Add((module, Checked($"module {module.Name}", module.Btf, all.AsMemory(at, module.SizeBytes))));
            at += module.SizeBytes;
        }

        return modules;
    }

    private ReadOnlyMemory<byte> Difference(PackedKernel kernel, byte[] packed)
    {
        if (kernel.StableFormBytes is <= 0 || kernel.StableFormBytes > StableForm.MostBytes(kernel.SizeBytes))
            throw new KernelFileException(
                $"its stable form has {kernel.StableFormBytes} bytes, which does not fit {kernel.SizeBytes} bytes of BTF");
        if (_base.IsEmpty) throw new KernelFileException("it is stored as a difference to a kernel that is missing or damaged");
        _baseForm ??= StableForm.Write(_base.Span)
            ?? throw new KernelFileException("it is stored as a difference to a kernel that has no stable form");
        try
        {
            return StableForm.Read(Decompress(packed, kernel.StableFormBytes, _baseForm));
        }
        catch (MalformedObjectException e)
        {
            throw new KernelFileException($"its difference is damaged: {e.Message}", e);
        }
    }

    private static void CheckNames(IReadOnlyList<PackedModule> modules)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var module in modules)
        {
            if (KernelName.Fault("module", module.Name) is { } fault) throw new KernelFileException(fault);
            if (module.Name == InlineSites.Kernel) throw new KernelFileException($"module '{module.Name}' is the kernel itself");
            if (!names.Add(module.Name)) throw new KernelFileException($"module {module.Name} is there twice");
        }
    }

    private static byte[] Decompress(byte[] packed, int sizeBytes, ReadOnlySpan<byte> known)
    {
        try
        {
            var bytes = GC.AllocateUninitializedArray<byte>(sizeBytes);
            Zstd.Decompress(packed, bytes, known);
            return bytes;
        }
        catch (ZstdException e)
        {
            throw new KernelFileException($"its bytes are damaged: {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> Checked(string what, string digest, ReadOnlyMemory<byte> bytes) =>
        Digest.Of(bytes.Span) is var found && found.Hex == digest
            ? bytes
            : throw new KernelFileException($"{what} has digest {found.Hex}, expected {digest}");
}
