using System.Security.Cryptography;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Files named after the digest of their bytes: <c>&lt;folder&gt;/ab/abcd…</c>. A file gets its name by one rename after its bytes are on
/// disk, so every named file is complete. Until then it is in <c>.tmp/</c>, locked by its writer: an unlocked file there was left by a
/// killed process.
/// </summary>
internal sealed class BlobFolder
{
    // More than the database needs for one kernel or object.
    private static readonly byte[] Probe = new byte[64 << 10];

    // For fewer files, flushing the whole file system does not pay off.
    private const int MinTogether = 16;

    private readonly string _root;
    private readonly string _temp;

    public BlobFolder(string root)
    {
        _root = root;
        _temp = Path.Combine(root, ".tmp");
    }

    /// <summary>The path of the file with this digest, whether or not it exists.</summary>
    public string PathOf(Digest digest) => Path.Combine(_root, digest.Hex[..2], digest.Hex);

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Creates the folder.</summary>
    public void Create() => Directory.CreateDirectory(_temp);

    /// <summary>Stores bytes under their digest. An existing file is kept if sound and replaced if damaged.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is not the digest of <paramref name="bytes"/>.</exception>
    public void Put(Digest digest, ReadOnlySpan<byte> bytes)
    {
        var actual = Digest.Of(bytes);
        if (actual != digest) throw new ArgumentException($"bytes have digest {actual}, expected {digest}", nameof(digest));
        var path = PathOf(digest);
        if (SizeOf(digest) == bytes.Length && IsSound(path, digest)) return;
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DirectorySync.Flush(_root);
        }

        WriteAndRename(path, bytes);
        DirectorySync.Flush(folder);
    }

    /// <summary>Stores many small files as <see cref="Put"/> does, with one disk flush for all instead of three for each.</summary>
    /// <returns>Their digests.</returns>
    public Digest[] PutAll(IReadOnlyList<ReadOnlyMemory<byte>> blobs)
    {
        var digests = new Digest[blobs.Count];
        Parallel.For(0, digests.Length, i => digests[i] = Digest.Of(blobs[i].Span));
        var missing = Enumerable.Range(0, digests.Length).DistinctBy(i => digests[i])
            .Where(i => SizeOf(digests[i]) != blobs[i].Length || !IsSound(PathOf(digests[i]), digests[i])).ToList();
        if (missing.Count < MinTogether || !DirectorySync.HasFlushAll)
        {
            foreach (var i in missing) Put(digests[i], blobs[i].Span);
            return digests;
        }

        var written = new List<(string Temp, int Blob)>(missing.Count);
        try
        {
            foreach (var i in missing) written.Add((WriteTemporary(blobs[i].Span, isFlushed: false), i));
            DirectorySync.FlushAll(_temp);
            foreach (var folder in missing.Select(i => Path.GetDirectoryName(PathOf(digests[i]))!).Distinct(StringComparer.Ordinal))
                Directory.CreateDirectory(folder);
            foreach (var (temp, i) in written) RenameOrPut(temp, digests[i], blobs[i].Span);
            DirectorySync.FlushAll(_temp);
        }
        catch
        {
            foreach (var (temp, _) in written) File.Delete(temp);
            throw;
        }

        return digests;
    }

    /// <summary>Deletes the file if it exists; existing mappings keep their bytes.</summary>
    public void Delete(Digest digest)
    {
        // File.Delete throws if the folder is missing, but not if the file is.
        if (Has(digest)) File.Delete(PathOf(digest));
    }

    /// <summary>Moves a file whose bytes do not match its digest to another folder, under the same name.</summary>
    /// <returns>Whether it was moved; false if it is sound or missing.</returns>
    public bool SetAside(Digest digest, string folder)
    {
        Directory.CreateDirectory(folder);
        var (path, aside) = (PathOf(digest), Path.Combine(folder, digest.Hex));
        if (!TryMove(path, aside)) return false;
        // Checked again here: another process may have replaced it since the first check.
        if (!IsSound(aside, digest)) return true;
        File.Move(aside, path, overwrite: true);
        return false;
    }

    /// <summary>Moves a file to another folder, under the same name.</summary>
    /// <returns>Whether the file existed.</returns>
    public bool Move(Digest digest, string folder)
    {
        Directory.CreateDirectory(folder);
        return TryMove(PathOf(digest), Path.Combine(folder, digest.Hex));
    }

    /// <summary>Moves a file back from another folder, where it has the same name.</summary>
    /// <returns>Whether the file existed.</returns>
    public bool Take(Digest digest, string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(digest))!);
        return TryMove(Path.Combine(folder, digest.Hex), PathOf(digest));
    }

    /// <summary>Checks that a file can be created, written and flushed here: on a bad disk, only some of these fail.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void ProbeWriting()
    {
        var path = Path.Combine(_temp, Guid.NewGuid().ToString("n"));
        using var file = new FileStream(
            path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        file.Write(Probe);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Size of the file with this digest; null if there is none.</summary>
    public long? SizeOf(Digest digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : null;

    /// <summary>All digests that have a file.</summary>
    public IEnumerable<Digest> All()
    {
        if (!Directory.Exists(_root)) yield break;
        foreach (var path in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
            if (Digest.TryParse(Path.GetFileName(path), out var digest) && path == PathOf(digest)) yield return digest;
    }

    /// <summary>Removes files left by killed writers.</summary>
    /// <returns>The number of files removed.</returns>
    public int SweepTemporary() => LeftOvers.Sweep(_temp);

    private void RenameOrPut(string temp, Digest digest, ReadOnlySpan<byte> bytes)
    {
        try
        {
            File.Move(temp, PathOf(digest), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            Put(digest, bytes); // removed by a process that was starting: see WriteAndRename
        }
    }

    private void WriteAndRename(string path, ReadOnlySpan<byte> bytes)
    {
        for (var isRetry = false; ; isRetry = true)
        {
            var temp = WriteTemporary(bytes);
            try
            {
                File.Move(temp, path, overwrite: true);
                return;
            }
            catch (FileNotFoundException) when (!isRetry)
            {
                // Between close and rename the file is unlocked, and a process that is just starting removes it. One retry suffices.
            }
            catch
            {
                File.Delete(temp);
                throw;
            }
        }
    }

    // Closed before the rename: under its final name, the lock would block readers.
    private string WriteTemporary(ReadOnlySpan<byte> bytes, bool isFlushed = true)
    {
        var temp = Path.Combine(_temp, Guid.NewGuid().ToString("n"));
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            using var file = new FileStream(temp, options);
            file.Write(bytes);
            if (isFlushed) file.Flush(flushToDisk: true);
            return temp;
        }
        catch
        {
            File.Delete(temp);
            throw;
        }
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false; // another process moved it
        }
    }

    private static bool IsSound(string path, Digest digest)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Digest.FromHash(SHA256.HashData(stream)) == digest;
        }
        catch (FileNotFoundException)
        {
            return false; // deleted meanwhile
        }
    }
}
