using System.Buffers;
using System.IO.MemoryMappedFiles;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// A large upload: streamed to a file without a name, then mapped. A vmlinux of 400 MiB costs address space, not heap,
/// and nothing is left on disk even when the process is killed.
/// </summary>
internal sealed class UploadedFile : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly KernelFileSpace _space;
    private readonly long _length;
    private readonly MemoryMappedFile? _map;
    private readonly MappedBytes? _bytes;

    private UploadedFile(FileStream file, KernelFileSpace space)
    {
        (_space, _length) = (space, file.Length);
        if (file.Length == 0) return; // An empty file cannot be mapped.
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _bytes = new MappedBytes(_map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), checked((int)file.Length));
    }

    /// <summary>The uploaded bytes. Do not use them after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes?.Memory ?? default;

    /// <summary>Reads all of <paramref name="body"/>.</summary>
    /// <param name="body">The body, or the part of a form.</param>
    /// <param name="limitBytes">The largest file: <see cref="LimitOptions.KernelFileBytes"/>.</param>
    /// <param name="folder">The folder for the file; created when missing.</param>
    /// <param name="space">Counts the file until its disposal.</param>
    /// <param name="cancellation">Cancelled when the client disconnects.</param>
    /// <exception cref="RefusedException">It is larger than the limit: <c>body-too-large</c>; or other files take too much of the
    /// space: <c>too-many-requests</c>.</exception>
    public static async Task<UploadedFile> ReceiveAsync(
        Stream body, long limitBytes, string folder, KernelFileSpace space, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetRandomFileName());
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0,
            useAsync: true);
        File.Delete(path); // The open handle keeps the bytes.
        var taken = 0L;
        try
        {
            var buffer = new byte[BufferBytes];
            for (int read; (read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation)) > 0;)
            {
                if (taken + read > limitBytes)
                    throw new RefusedException(Problem.BodyTooLarge("the file", limitBytes, nameof(LimitOptions.KernelFileBytes)));
                space.Take(read);
                taken += read;
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            return new UploadedFile(file, space);
        }
        catch
        {
            space.Release(taken);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (_bytes as IDisposable)?.Dispose();
        _map?.Dispose();
        _space.Release(_length);
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
