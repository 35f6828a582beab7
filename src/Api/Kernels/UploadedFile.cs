using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Relo.Api.Kernels;

/// <summary>
/// A large upload: streamed to a file that has no name any more, then mapped. A vmlinux of 400 MiB costs address space, not heap,
/// and nothing stays behind even when the process is killed.
/// </summary>
internal sealed class UploadedFile : IDisposable
{
    private readonly MemoryMappedFile? _map;
    private readonly MappedBytes? _bytes;

    private UploadedFile(FileStream file)
    {
        if (file.Length == 0) return; // An empty file cannot be mapped.
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _bytes = new MappedBytes(_map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), checked((int)file.Length));
    }

    /// <summary>What was uploaded. Not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes?.Memory ?? default;

    /// <summary>Takes in all of <paramref name="body"/>.</summary>
    /// <param name="body">Limited by whoever opened it.</param>
    /// <param name="folder">Where there is room for it; created when missing.</param>
    /// <param name="cancellation">The client is gone.</param>
    public static async Task<UploadedFile> ReceiveAsync(Stream body, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetRandomFileName());
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 64 * 1024, useAsync: true);
        File.Delete(path); // The open handle keeps the bytes.
        await body.CopyToAsync(file, cancellation);
        await file.FlushAsync(cancellation);
        return new UploadedFile(file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_bytes as IDisposable)?.Dispose();
        _map?.Dispose();
    }

    private sealed unsafe class MappedBytes : MemoryManager<byte>
    {
        private readonly MemoryMappedViewAccessor _view;
        private readonly byte* _start;
        private readonly int _length;

        public MappedBytes(MemoryMappedViewAccessor view, int length)
        {
            (_view, _length) = (view, length);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        }

        public override Span<byte> GetSpan() => new(_start, _length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin() { }

        protected override void Dispose(bool disposing)
        {
            if (!disposing) return;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
    }
}
