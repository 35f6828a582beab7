using System.Buffers;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>Reads the modules of a package on all cores while the package is unpacked. Keeps only their BTF.</summary>
internal sealed class ModuleReader(Unpacker unpacker) : IDisposable
{
    // Distributions ship 4,000 to 7,000.
    private const int MaxModules = 20_000;

    private const int MaxFaults = 8;

    // Modules are compressed at most once, with gzip, xz or zstd.
    private const int Depth = 1;

    // Enough to keep the other cores busy while a large member is unpacked.
    private const long MaxWaitingBytes = 8 << 20;

    private readonly List<Task<(KernelFile? Module, string? Fault)>> _reads = [];
    private readonly List<string> _faults = [];
    private long _btfBytes, _waitingBytes;
    private int _faulty;

    /// <summary>Modules that could not be read, and why: the first few, and the number of others.</summary>
    public IReadOnlyList<string> Faults =>
        _faulty <= MaxFaults ? _faults : [.. _faults, $"{_faulty - MaxFaults} more modules could not be read"];

    /// <summary>Copies a module from the package and reads it in the background.</summary>
    public void Add(string path, long sizeBytes, Stream content)
    {
        if (_reads.Count == MaxModules) throw new KernelFileException($"the package has more than {MaxModules} modules");
        if (sizeBytes > Math.Min(unpacker.Limits.FileBytes, Array.MaxLength))
        {
            Fault($"{path} has {sizeBytes} bytes, at most {unpacker.Limits.FileBytes} are accepted");
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent((int)sizeBytes);
        content.ReadExactly(bytes, 0, (int)sizeBytes);
        // If the other cores cannot keep up, this thread helps.
        _reads.Add(Interlocked.Add(ref _waitingBytes, sizeBytes) > MaxWaitingBytes
            ? Task.FromResult(ReadOne(path, bytes, (int)sizeBytes))
            : Task.Run(() => ReadOne(path, bytes, (int)sizeBytes)));
    }

    /// <summary>All modules with BTF, in package order; the first wins if names repeat.</summary>
    public List<KernelFile> Finish()
    {
        var modules = new Dictionary<string, KernelFile>(StringComparer.Ordinal);
        foreach (var read in _reads)
        {
            var (module, fault) = read.GetAwaiter().GetResult();
            if (fault is not null) Fault(fault);
            else if (module is not null) modules.TryAdd(module.Module!, module);
        }

        _reads.Clear();
        return [.. modules.Values];
    }

    public void Dispose()
    {
        // The tasks use the unpacker's budget, so none may outlive it. Finish has reported their exceptions, or another one is propagating.
        Task.WhenAll(_reads)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
            .Wait();
    }

    private (KernelFile? Module, string? Fault) ReadOne(string path, byte[] bytes, int length)
    {
        using var own = unpacker.Fork();
        try
        {
            var read = KernelFileReader.Read(bytes.AsMemory(0, length), own, Depth);
            if (read.Module is null) return (null, $"{path} is {read.Container}, expected a module");
            if (Interlocked.Add(ref _btfBytes, read.Btf.Length + read.DistilledBase.Length + read.Inline.Length) > unpacker.Limits.BtfBytes)
                throw new KernelFileException(
                    $"the modules have more than {unpacker.Limits.BtfBytes} bytes of BTF together, the limit");
            return (read.Detached(), null);
        }
        catch (KernelFileException e) when (!own.IsSpent)
        {
            return (null, $"{path}: {e.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            Interlocked.Add(ref _waitingBytes, -length);
        }
    }

    private void Fault(string text)
    {
        if (_faulty++ < MaxFaults) _faults.Add(text);
    }
}
