using System.IO.MemoryMappedFiles;

namespace Relo.Fuzz.Guided;

/// <summary>The input that is being fed, in a mapped file: it is there even when the process is not any more.</summary>
internal sealed class LastInput(string path, int maxBytes) : IDisposable
{
    private readonly MemoryMappedFile _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, sizeof(int) + maxBytes);
    private MemoryMappedViewAccessor? _view;

    public void Write(byte[] input)
    {
        _view ??= _file.CreateViewAccessor();
        _view.Write(0, input.Length);
        _view.WriteArray(sizeof(int), input, 0, input.Length);
    }

    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes[sizeof(int)..(sizeof(int) + BitConverter.ToInt32(bytes))];
    }

    public void Dispose()
    {
        _view?.Dispose();
        _file.Dispose();
    }
}
