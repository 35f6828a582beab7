using Relo.Archive.KernelFiles.Elf;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>Reads the modules of a package on all cores while the package is unpacked. Keeps only their BTF.</summary>
internal sealed class ModuleReader(Unpacker unpacker) : IDisposable
{
    // Distributions ship 4,000 to 7,000.
    private const int MaxModules = 20_000;

    private const int MaxFaults = 8;

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
        if (sizeBytes > unpacker.Limits.FileBytes)
        {
            Fault($"{path} has {sizeBytes} bytes, at most {unpacker.Limits.FileBytes} are accepted");
            return;
        }

        var (own, file) = Copy(path, content);
        // If the other cores cannot keep up, this thread helps.
        _reads.Add(Interlocked.Add(ref _waitingBytes, file.Length) > MaxWaitingBytes
            ? Task.FromResult(ReadOne(path, file, own))
            : Task.Run(() => ReadOne(path, file, own)));
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

    // Keeps what arrives, not what the header declares: a package of a kilobyte can declare gigabytes.
    private (Unpacker Own, ReadOnlyMemory<byte> File) Copy(string path, Stream content)
    {
        var own = unpacker.Fork();
        try
        {
            return (own, own.Keep(content, path));
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    private (KernelFile? Module, string? Fault) ReadOne(string path, ReadOnlyMemory<byte> file, Unpacker own)
    {
        using var _ = own;
        KernelFile module;
        try
        {
            module = Read(file, own);
        }
        catch (KernelFileException e) when (!own.IsSpent)
        {
            return (null, $"{path}: {e.Message}");
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -file.Length);
        }

        // Not a fault of one module: which modules fit would depend on the order of the threads.
        var bytes = module.Btf.Length + module.DistilledBase.Length + module.Inline.Length;
        if (Interlocked.Add(ref _btfBytes, bytes) > unpacker.Limits.BtfBytes)
            throw new KernelFileException($"the modules have more than {unpacker.Limits.BtfBytes} bytes of BTF together, the limit");
        return (module.Detached(), null);
    }

    // Modules are compressed at most once, and contain no other files: a package in a package could nest for ever.
    private static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker own) => Compression.Of(file.Span) is { } compression
        ? ElfModule.Read(own.Unpack(compression, file), own.Limits).In(compression.Name)
        : ElfModule.Read(file, own.Limits);

    private void Fault(string text)
    {
        if (_faulty++ < MaxFaults) _faults.Add(text);
    }
}
