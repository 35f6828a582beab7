using System.Buffers;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// Unpacks the layers of one file within its limits. All layers share one budget. Kept bytes live until disposal.
/// </summary>
internal sealed class Unpacker : IDisposable
{
    // Larger data goes to a scratch file: a vmlinux can have a gigabyte, of which few pages are read.
    private const int MemoryBytes = 16 << 20;

    private readonly List<IDisposable> _kept = [];
    private readonly ReadSettings _settings;
    private readonly Budget _budget;
    private int _searches;

    public Unpacker(ReadSettings settings, CancellationToken ct)
        : this(settings, new(), ct)
    {
    }

    private Unpacker(ReadSettings settings, Budget budget, CancellationToken ct) => (_settings, _budget, Ct) = (settings, budget, ct);

    public UnpackLimits Limits => _settings.Limits;

    public ReadSettings Settings => _settings;

    public CancellationToken Ct { get; }

    /// <summary>Number of offsets of a boot image, including nested images, that were tried in the search for its kernel.</summary>
    public int PlacesTried { get; set; }

    /// <summary>Begins a search, which may be nested.</summary>
    public IDisposable Search()
    {
        if (_searches++ == 0) PlacesTried = 0;
        return new SearchEnd(this);
    }

    /// <summary>Opens compressed bytes as a stream.</summary>
    /// <param name="compression">The format.</param>
    /// <param name="packed">The compressed bytes.</param>
    /// <param name="followed">Whether other bytes may follow them.</param>
    public Stream Open(Compression compression, ReadOnlyMemory<byte> packed, bool followed = false)
    {
        try
        {
            return new UnpackedStream(
                compression.Open(packed, followed), compression.Name, packed.Length, Limits.For(packed.Length, Limits.TotalBytes), this);
        }
        catch (Exception e) when (UnpackedStream.IsDecoders(e))
        {
            throw new KernelFileException($"the {compression.Name} is damaged in its header: {e.Message}", e);
        }
    }

    /// <summary>Unpacks compressed bytes and keeps the result.</summary>
    public ReadOnlyMemory<byte> Unpack(Compression compression, ReadOnlyMemory<byte> packed, bool followed = false)
    {
        using var stream = Open(compression, packed, followed);
        return Keep(stream, $"the decompressed {compression.Name}");
    }

    /// <summary>Reads the rest of a stream and keeps it.</summary>
    /// <exception cref="KernelFileException">It exceeds the limit for one file.</exception>
    public ReadOnlyMemory<byte> Keep(Stream stream, string what)
    {
        var memory = new PooledBytes();
        var piece = ArrayPool<byte>.Shared.Rent(64 << 10);
        ScratchFile? file = null;
        long total = 0;
        try
        {
            while (stream.Read(piece) is > 0 and var read)
            {
                Ct.ThrowIfCancellationRequested();
                total += read;
                if (total > Limits.FileBytes)
                    throw new KernelFileException($"{what} has more than {Limits.FileBytes} bytes, the limit");
                if (file is null && total > MemoryBytes)
                {
                    file = new(_settings.Scratch);
                    file.Write(memory.Written.Span);
                }

                if (file is null) memory.Write(piece.AsSpan(0, read));
                else file.Write(piece.AsSpan(0, read));
            }

            if (file is not null) memory.Dispose();
            _kept.Add(file is null ? memory : file);
            return file is null ? memory.Written : file.Map();
        }
        catch
        {
            memory.Dispose();
            file?.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Releases the results kept since <see cref="Mark"/>, so that false candidates do not fill the disk.</summary>
    public void ReleaseSince(int mark)
    {
        for (var i = _kept.Count - 1; i >= mark; i--)
        {
            _kept[i].Dispose();
            _kept.RemoveAt(i);
        }
    }

    /// <summary>An unpacker for another thread with the same budget.</summary>
    public Unpacker Fork() => new(_settings, _budget, Ct);

    public int Mark => _kept.Count;

    /// <summary>Whether the budget is exhausted, so that further attempts are useless.</summary>
    public bool IsSpent => Interlocked.Read(ref _budget.SpentBytes) > Limits.TotalBytes;

    public void Spend(int bytes)
    {
        if (Interlocked.Add(ref _budget.SpentBytes, bytes) > Limits.TotalBytes)
            throw new KernelFileException($"the file decompresses to more than {Limits.TotalBytes} bytes in total, the limit");
    }

    public void Dispose() => ReleaseSince(0);

    private sealed class Budget
    {
        public long SpentBytes;
    }

    private sealed class SearchEnd(Unpacker unpacker) : IDisposable
    {
        public void Dispose() => unpacker._searches--;
    }
}
