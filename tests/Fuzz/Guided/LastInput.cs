using System.IO.MemoryMappedFiles;

namespace Relo.Fuzz.Guided;

/// <summary>The current input, in a mapped file that outlives the process.</summary>
internal sealed unsafe class LastInput : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly int _maxBytes;

    public LastInput(string path, int maxBytes)
    {
        _maxBytes = maxBytes;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, sizeof(int) + maxBytes);
        _view = _file.CreateViewAccessor();
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
    }

    public void Write(byte[] input)
    {
        var length = Math.Min(input.Length, _maxBytes);
        *(int*)_bytes = length;
        input.AsSpan(0, length).CopyTo(new(_bytes + sizeof(int), length));
    }

    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes[sizeof(int)..(sizeof(int) + BitConverter.ToInt32(bytes))];
    }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
