using Relo.Archive.Blobs;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>An unlinked temporary file: the bytes are freed when it is disposed or the process dies.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly FileStream _file;
    private IDisposable? _map;

    /// <param name="folder">The folder; created if missing.</param>
    public ScratchFile(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, Path.GetRandomFileName());
        var options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
        _file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, options);
        if (!OperatingSystem.IsWindows()) File.Delete(path); // the open handle keeps the bytes
    }

    public void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes);

    /// <summary>The written bytes, valid until disposal.</summary>
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
