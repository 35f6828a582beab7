using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// A memory-mapped file, or bytes in memory if the disk has no space for them. The page cache holds a file's bytes once for all processes.
/// Released on disposal.
/// </summary>
internal sealed unsafe class MappedBlob : MemoryManager<byte>
{
    private readonly FileStream? _stream;
    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly int _length;
    private byte* _start;

    private MappedBlob(FileStream stream, int length, DateTime writtenAt, bool leaveOpen)
    {
        (_stream, _length, WrittenAt) = (stream, length, writtenAt);
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen);
        try
        {
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _start = start + _view.PointerOffset;
        }
        catch
        {
            _view?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    private MappedBlob(int length)
    {
        _length = length;
        _start = (byte*)NativeMemory.AllocZeroed((nuint)length); // zeroed: never show memory that was not written
    }

    /// <summary>Modification time of the file, read before any of its bytes; the default without a file.</summary>
    public DateTime WrittenAt { get; }

    /// <summary>
    /// Whether the mapped file still has its length and time. Reading past the end of a truncated file would end the process (SIGBUS)
    /// without an exception. A deleted or replaced file is safe: its bytes stay as long as they are mapped.
    /// </summary>
    public bool IsAsMapped => _stream is null ||
        (RandomAccess.GetLength(_stream.SafeFileHandle) == _length && File.GetLastWriteTimeUtc(_stream.SafeFileHandle) == WrittenAt);

    /// <summary>Maps a file without checking its digest, but makes sure that the disk can read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">The digest in its name, for the exception.</param>
    /// <returns>Null if there is no file.</returns>
    /// <exception cref="CorruptBlobException">It is empty, or larger than any blob.</exception>
    /// <exception cref="IOException">The disk cannot read it.</exception>
    public static MappedBlob? Map(string path, Digest expected)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        MappedBlob? blob = null;
        try
        {
            // An empty file cannot be mapped, and a span cannot exceed 2 GiB; neither is ever stored.
            if (stream.Length is 0 or > int.MaxValue)
                throw new CorruptBlobException(path, expected, Digest.FromHash(SHA256.HashData(stream)));
            var writtenAt = File.GetLastWriteTimeUtc(stream.SafeFileHandle);
            blob = new MappedBlob(stream, (int)stream.Length, writtenAt, leaveOpen: false);
            PageReader.Ensure(stream.SafeFileHandle, blob._start, blob._length);
            return blob;
        }
        catch
        {
            ((IDisposable?)blob)?.Dispose();
            stream.Dispose(); // its lock would keep others from deleting the file
            throw;
        }
    }

    /// <summary>Reads all bytes and checks that they match the digest.</summary>
    /// <exception cref="CorruptBlobException">They do not match.</exception>
    public void Check(string path, Digest expected, Func<ReadOnlySpan<byte>, Digest>? nameOf = null)
    {
        var found = nameOf is null ? Digest.Of(GetSpan()) : nameOf(GetSpan());
        if (found != expected) throw new CorruptBlobException(path, expected, found);
    }

    /// <summary>Maps a non-empty file under 2 GiB that has no digest yet. The caller keeps ownership of the stream.</summary>
    public static MappedBlob Over(FileStream file) =>
        new(file, checked((int)file.Length), writtenAt: default, leaveOpen: true);

    /// <summary>Bytes without a file. The caller writes them before anything reads them.</summary>
    public static MappedBlob InMemory(int length) => new(length);

    /// <summary>Writes the bytes of a blob that has no file.</summary>
    public UnmanagedMemoryStream Writer() => _stream is null
        ? new(_start, _length, _length, FileAccess.Write)
        : throw new InvalidOperationException("a mapped file is read-only");

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length);
        return new(_start + elementIndex); // mapped memory never moves
    }

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _start is null) return;
        if (_view is null) NativeMemory.Free(_start);
        else _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _start = null;
        _view?.Dispose();
        _file?.Dispose();
    }
}
