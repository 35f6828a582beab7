using Relo.Archive.Blobs;

namespace Relo.Archive.Import.Unpacking;

/// <summary>Bytes on the disk under no name: when they are let go of, or the process is killed, they are gone.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly FileStream _file;
    private IDisposable? _map;

    /// <param name="folder">Where there is room; made where it is missing.</param>
    public ScratchFile(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetRandomFileName());
        _file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!OperatingSystem.IsWindows()) File.Delete(path); // the open handle keeps the bytes
    }

    public void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    /// <summary>What was written, until this is disposed.</summary>
    public ReadOnlyMemory<byte> Map()
    {
        var map = MappedBlob.Over(_file);
        _map = map;
        return map.Memory;
    }

    public void Dispose()
    {
        _map?.Dispose();
        _file.Dispose();
    }
}
