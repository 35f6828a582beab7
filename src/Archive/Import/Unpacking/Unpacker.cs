using System.Buffers;

namespace Relo.Archive.Import.Unpacking;

/// <summary>
/// Unpacks for the reading of one file: holds its limits, the budget that all of its layers share, and what they keep. Kept bytes live until
/// it is disposed.
/// </summary>
internal sealed class Unpacker : IDisposable
{
    // More than this goes to a file without a name: a whole vmlinux has up to a gigabyte, of which few pages are looked at.
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

    /// <summary>How many places of a boot image, and of what was unpacked from it, were tried in the search for its kernel.</summary>
    public int PlacesTried { get; set; }

    /// <summary>Begins a search, which may begin others in what it unpacks.</summary>
    public IDisposable Search()
    {
        if (_searches++ == 0) PlacesTried = 0;
        return new SearchEnd(this);
    }

    /// <summary>What is packed, to be read through.</summary>
    /// <param name="compression">What it is packed with.</param>
    /// <param name="packed">The packed bytes.</param>
    /// <param name="followed">Whether other bytes may follow them.</param>
    public Stream Open(Compression compression, ReadOnlyMemory<byte> packed, bool followed = false)
    {
        try
        {
            return new UnpackedStream(compression.Open(packed, followed), compression.Name, packed.Length, Limits.For(packed.Length, Limits.TotalBytes), this);
        }
        catch (Exception e) when (UnpackedStream.IsDecoders(e))
        {
            throw new KernelFileException($"the {compression.Name} is damaged in its header: {e.Message}", e);
        }
    }

    /// <summary>All that is packed, kept.</summary>
    public ReadOnlyMemory<byte> Unpack(Compression compression, ReadOnlyMemory<byte> packed, bool followed = false)
    {
        using var stream = Open(compression, packed, followed);
        return Keep(stream, $"what the {compression.Name} unpacks to");
    }

    /// <summary>The rest of a stream, kept.</summary>
    /// <exception cref="KernelFileException">It is more than one file may have.</exception>
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
                if (total > Limits.FileBytes) throw new KernelFileException($"{what} has more than {Limits.FileBytes} bytes, which is more than is taken");
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

    /// <summary>Lets go of what was kept since <see cref="Mark"/>: a candidate that turned out to be none must not fill the disk.</summary>
    public void ReleaseSince(int mark)
    {
        for (var i = _kept.Count - 1; i >= mark; i--)
        {
            _kept[i].Dispose();
            _kept.RemoveAt(i);
        }
    }

    /// <summary>Another that draws on the same budget, for another thread.</summary>
    public Unpacker Fork() => new(_settings, _budget, Ct);

    public int Mark => _kept.Count;

    /// <summary>Whether the budget is used up, so that trying on is no use.</summary>
    public bool IsSpent => Interlocked.Read(ref _budget.SpentBytes) > Limits.TotalBytes;

    public void Spend(int bytes)
    {
        if (Interlocked.Add(ref _budget.SpentBytes, bytes) > Limits.TotalBytes) throw new KernelFileException($"the file unpacks to more than {Limits.TotalBytes} bytes in all, which is more than is taken");
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
