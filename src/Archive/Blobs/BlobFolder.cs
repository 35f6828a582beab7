using System.Security.Cryptography;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Files named for the digest of their bytes: <c>&lt;folder&gt;/ab/abcd…</c>. A file comes to its name by one rename when its bytes are on the disk,
/// so whatever is under a name is whole. Until then it is under <c>.tmp/</c>, locked by its writer: an unlocked file there is left over from
/// a process that was killed.
/// </summary>
internal sealed class BlobFolder
{
    // More than what the database needs to note a kernel or an object.
    private static readonly byte[] Probe = new byte[64 << 10];

    // For fewer, flushing the whole file system is no gain.
    private const int MinTogether = 16;

    private readonly string _root;
    private readonly string _temp;

    public BlobFolder(string root)
    {
        _root = root;
        _temp = Path.Combine(root, ".tmp");
    }

    /// <summary>Where the file with this digest is, or would be.</summary>
    public string PathOf(Digest digest) => Path.Combine(_root, digest.Hex[..2], digest.Hex);

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Makes the folder.</summary>
    public void Create() => Directory.CreateDirectory(_temp);

    /// <summary>Puts bytes under their digest. What is there already is kept if it is sound, and replaced if the disk damaged it.</summary>
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

    /// <summary>Puts many small files as <see cref="Put"/> does, with one flush of the disk for all instead of three for each.</summary>
    /// <returns>Their digests.</returns>
    public Digest[] PutAll(IReadOnlyList<ReadOnlyMemory<byte>> blobs)
    {
        var digests = new Digest[blobs.Count];
        Parallel.For(0, digests.Length, i => digests[i] = Digest.Of(blobs[i].Span));
        var missing = Enumerable.Range(0, digests.Length).DistinctBy(i => digests[i]).Where(i => SizeOf(digests[i]) != blobs[i].Length || !IsSound(PathOf(digests[i]), digests[i])).ToList();
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
            foreach (var folder in missing.Select(i => Path.GetDirectoryName(PathOf(digests[i]))!).Distinct(StringComparer.Ordinal)) Directory.CreateDirectory(folder);
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

    /// <summary>Takes the file away, if there is one; those who mapped it keep their bytes.</summary>
    public void Delete(Digest digest)
    {
        // File.Delete minds a missing folder, though not a missing file.
        if (Has(digest)) File.Delete(PathOf(digest));
    }

    /// <summary>Moves a file that does not hold the bytes it is named for to another folder, under the same name.</summary>
    /// <returns>Whether it was moved: not where it is sound, or gone.</returns>
    public bool SetAside(Digest digest, string folder)
    {
        Directory.CreateDirectory(folder);
        var (path, aside) = (PathOf(digest), Path.Combine(folder, digest.Hex));
        if (!TryMove(path, aside)) return false;
        // Looked at again only now: between the first look and the move, somebody may have put the right bytes there.
        if (!IsSound(aside, digest)) return true;
        File.Move(aside, path, overwrite: true);
        return false;
    }

    /// <summary>Moves a file to another folder, under the same name.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Move(Digest digest, string folder)
    {
        Directory.CreateDirectory(folder);
        return TryMove(PathOf(digest), Path.Combine(folder, digest.Hex));
    }

    /// <summary>Moves a file from another folder, where it has the same name, to its place here.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Take(Digest digest, string folder)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(digest))!);
        return TryMove(Path.Combine(folder, digest.Hex), PathOf(digest));
    }

    /// <summary>Makes sure that a file can be made and filled here, and comes to the disk: on one that is full or fails the one may still work without the others.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public void ProbeWriting()
    {
        var path = Path.Combine(_temp, Guid.NewGuid().ToString("n"));
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        file.Write(Probe);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Size of the file with this digest; null where there is none.</summary>
    public long? SizeOf(Digest digest) => new FileInfo(PathOf(digest)) is { Exists: true } file ? file.Length : null;

    /// <summary>All digests that have a file.</summary>
    public IEnumerable<Digest> All()
    {
        if (!Directory.Exists(_root)) yield break;
        foreach (var path in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
            if (Digest.TryParse(Path.GetFileName(path), out var digest) && path == PathOf(digest)) yield return digest;
    }

    /// <summary>Removes what killed writers left behind.</summary>
    /// <returns>How many files.</returns>
    public int SweepTemporary() => LeftOvers.Sweep(_temp);

    private void RenameOrPut(string temp, Digest digest, ReadOnlySpan<byte> bytes)
    {
        try
        {
            File.Move(temp, PathOf(digest), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            Put(digest, bytes); // swept by a process that started just now: see WriteAndRename
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
                // Between closing and renaming the file has no lock, and a process that starts just then sweeps it. None starts all the time.
            }
            catch
            {
                File.Delete(temp);
                throw;
            }
        }
    }

    // Closed before it gets its name: under its name the lock would turn away those who read it at once.
    private string WriteTemporary(ReadOnlySpan<byte> bytes, bool isFlushed = true)
    {
        var temp = Path.Combine(_temp, Guid.NewGuid().ToString("n"));
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
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
            return false; // deleted since
        }
    }
}
