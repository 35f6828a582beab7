using Relo.Archive.Blobs;

namespace Relo.Archive.KernelFiles;

/// <summary>The bytes of a file: read, or memory-mapped if it is large.</summary>
internal sealed class FileBytes : IDisposable
{
    private const long ReadBytes = 32 << 20;

    private readonly FileStream? _file;
    private readonly MappedBlob? _map;

    private FileBytes(FileStream? file, MappedBlob? map, ReadOnlyMemory<byte> memory) => (_file, _map, Memory) = (file, map, memory);

    public ReadOnlyMemory<byte> Memory { get; }

    public static FileBytes Read(string path, long sizeBytes)
    {
        if (sizeBytes <= ReadBytes) return new(null, null, File.ReadAllBytes(path));
        var file = File.OpenRead(path);
        try
        {
            var map = MappedBlob.Over(file);
            return new(file, map, map.Memory);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ((IDisposable?)_map)?.Dispose();
        _file?.Dispose();
    }
}
