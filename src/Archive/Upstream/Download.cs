using Relo.Archive.KernelFiles.Unpacking;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream;

/// <summary>A downloaded body: in memory while it is small, then in an unlinked temporary file.</summary>
internal sealed class Download(string scratch) : IDisposable
{
    private const int MemoryBytes = 16 << 20;

    private readonly MemoryStream _memory = new();
    private ScratchFile? _file;
    private ReadOnlyMemory<byte>? _bytes;

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    /// <summary>When the source last changed the file; null if it does not say.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>All bytes, valid until disposal.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes ??= _file?.Map() ?? _memory.GetBuffer().AsMemory(0, (int)_memory.Length);

    /// <summary>The digest of all bytes.</summary>
    public Digest Digest => Digest.Of(Bytes.Span);

    public void Write(ReadOnlySpan<byte> piece)
    {
        Length += piece.Length;
        if (_file is null && Length > MemoryBytes)
        {
            _file = new(scratch);
            _file.Write(_memory.GetBuffer().AsSpan(0, (int)_memory.Length));
            _memory.SetLength(0);
            _memory.Capacity = 0;
        }

        if (_file is null) _memory.Write(piece);
        else _file.Write(piece);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _file?.Dispose();
    }
}
