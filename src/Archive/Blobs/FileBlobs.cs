using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Blobs in files: <c>blobs/&lt;kind&gt;/ab/abcd…</c>, <c>quarantine/&lt;kind&gt;/abcd…</c> and <c>orphans/&lt;kind&gt;/abcd…</c>.
/// A file gets its name by one rename after its bytes are on disk, so every named file is complete.
/// </summary>
internal sealed class FileBlobs : IBlobStore
{
    // More than the database needs for one kernel or object.
    private static readonly byte[] Probe = new byte[64 << 10];

    // For fewer files, flushing the whole file system does not pay off.
    private const int MinTogether = 16;

    private readonly string _root, _quarantine, _orphans;
    private readonly TemporaryFiles _temporary;
    private readonly Func<ReadOnlySpan<byte>, Digest>? _nameOf;
    private long _failedAt; // UTC ticks of the last write that failed; 0 = none

    /// <param name="root">The data folder.</param>
    /// <param name="kind"><c>btf</c>, <c>packed</c> or <c>objects</c>.</param>
    /// <param name="nameOf">The name of bytes; null: their digest.</param>
    public FileBlobs(string root, string kind, Func<ReadOnlySpan<byte>, Digest>? nameOf = null)
    {
        _nameOf = nameOf;
        _root = Path.Combine(root, "blobs", kind);
        _quarantine = Path.Combine(root, "quarantine", kind);
        _orphans = Path.Combine(root, "orphans", kind);
        _temporary = new(Path.Combine(_root, ".tmp"));
    }

    public string NameOf(BlobPlace place) => place switch
    {
        BlobPlace.Quarantined => _quarantine,
        BlobPlace.Orphaned => _orphans,
        _ => _root,
    };

    public string NameOf(Digest digest, BlobPlace place = BlobPlace.Stored) => place == BlobPlace.Stored
        ? Path.Combine(_root, digest.Hex[..2], digest.Hex)
        : Path.Combine(NameOf(place), digest.Hex);

    public Task PrepareAsync(CancellationToken ct)
    {
        _temporary.Create();
        return Task.CompletedTask;
    }

    public int Sweep() => _temporary.Sweep();

    // Creates, writes and flushes a file, because on a bad disk only some of these fail.
    public Task<string> ProbeAsync(CancellationToken ct)
    {
        _temporary.Probe(Probe);
        return Task.FromResult("writable");
    }

    public Task<long?> SizeOfAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored) =>
        Task.FromResult(SizeOf(NameOf(digest, place)));

#pragma warning disable CS1998 // listing a folder is synchronous
    public async IAsyncEnumerable<StoredBlob> ListAsync(BlobPlace place, [EnumeratorCancellation] CancellationToken ct)
#pragma warning restore CS1998
    {
        var folder = new DirectoryInfo(NameOf(place));
        if (!folder.Exists) yield break;
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            ct.ThrowIfCancellationRequested();
            if (Digest.TryParse(file.Name, out var digest) && file.FullName == NameOf(digest, place) && SizeOf(file.FullName) is { } size)
                yield return new(digest, size);
        }
    }

    public Task PutAsync(Digest digest, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Put(digest, bytes.Span);
        return Task.CompletedTask;
    }

    // One disk flush for all instead of three for each.
    public Task<Digest[]> PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> blobs, CancellationToken ct)
    {
        var digests = new Digest[blobs.Count];
        Parallel.For(0, digests.Length, i => digests[i] = Digest.Of(blobs[i].Span));
        var missing = Enumerable.Range(0, digests.Length).DistinctBy(i => digests[i])
            .Where(i => !IsKept(NameOf(digests[i]), digests[i], blobs[i].Length)).ToList();
        if (missing.Count < MinTogether || !DirectorySync.HasFlushAll)
            foreach (var i in missing) Put(digests[i], blobs[i].Span);
        else
            PutTogether(missing.ConvertAll(i => (NameOf(digests[i]), blobs[i])));
        return Task.FromResult(digests);
    }

    public Task DeleteAsync(Digest digest, CancellationToken ct, BlobPlace place = BlobPlace.Stored)
    {
        // File.Delete throws if the folder is missing, but not if the file is.
        var path = NameOf(digest, place);
        if (File.Exists(path)) File.Delete(path);
        return Task.CompletedTask;
    }

    public Task<bool> MoveAsync(Digest digest, BlobPlace from, BlobPlace to, CancellationToken ct)
    {
        var target = NameOf(digest, to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return Task.FromResult(TryMove(NameOf(digest, from), target));
    }

    public Task<bool> SetAsideAsync(Digest digest, CancellationToken ct)
    {
        Directory.CreateDirectory(_quarantine);
        var (path, aside) = (NameOf(digest), NameOf(digest, BlobPlace.Quarantined));
        if (!TryMove(path, aside)) return Task.FromResult(false);
        // Checked again here: another process may have replaced it since the first check.
        if (!IsSound(aside, digest, SizeOf(aside) ?? 0)) return Task.FromResult(true);
        File.Move(aside, path, overwrite: true);
        return Task.FromResult(false);
    }

    public Task<MappedBlob?> ReadAsync(Digest digest, CancellationToken ct) => Task.FromResult(this.Open(digest, _nameOf));

    public bool HasHere(Digest digest) => File.Exists(NameOf(digest));

    public Task FetchAsync(Digest digest, CancellationToken ct) => Task.CompletedTask; // it is on this machine

    public MappedBlob? Map(Digest digest) => MappedBlob.Map(NameOf(digest), digest);

    public bool IsAsMapped(Digest digest, MappedBlob blob) =>
        new FileInfo(NameOf(digest)) is { Exists: true } file
        && file.Length == blob.Memory.Length && file.LastWriteTimeUtc == blob.WrittenAt;

    private void Put(Digest digest, ReadOnlySpan<byte> bytes)
    {
        var actual = _nameOf?.Invoke(bytes) ?? Digest.Of(bytes);
        if (actual != digest) throw new ArgumentException($"bytes have digest {actual}, expected {digest}", nameof(digest));
        var path = NameOf(digest);
        if (IsKept(path, digest, bytes.Length)) return;
        var folder = Path.GetDirectoryName(path)!;
        try
        {
            Make([folder]);
            _temporary.WriteAndRename(path, bytes);
            DirectorySync.Flush(folder);
        }
        catch (IOException)
        {
            Volatile.Write(ref _failedAt, DateTime.UtcNow.Ticks);
            throw;
        }
    }

    private void Make(IEnumerable<string> folders)
    {
        var made = folders.Where(folder => !Directory.Exists(folder)).ToList();
        if (made.Count == 0) return;
        try
        {
            foreach (var folder in made) Directory.CreateDirectory(folder);
            DirectorySync.Flush(_root);
        }
        catch (IOException)
        {
            // They exist only in memory, and later flushes would not write them. The next blob creates them again, and that is flushed.
            foreach (var folder in made.Where(Directory.Exists)) Directory.Delete(folder);
            throw;
        }
    }

    // After a failed flush, the system still shows files that are only in its cache and may never reach the disk: write them again.
    private bool IsKept(string path, Digest digest, long length) =>
        IsSound(path, digest, length) && File.GetLastWriteTimeUtc(path).Ticks > Volatile.Read(ref _failedAt);

    private void PutTogether(List<(string Path, ReadOnlyMemory<byte> Bytes)> missing)
    {
        var written = new List<(string Temp, string Path, ReadOnlyMemory<byte> Bytes)>(missing.Count);
        try
        {
            foreach (var (path, bytes) in missing) written.Add((_temporary.Write(bytes.Span, isFlushed: false), path, bytes));
            DirectorySync.FlushAll(_temporary.Folder);
            Make(missing.Select(m => Path.GetDirectoryName(m.Path)!).Distinct(StringComparer.Ordinal));
            foreach (var (temp, path, bytes) in written)
                if (!TryMove(temp, path)) _temporary.WriteAndRename(path, bytes.Span); // a starting process removed it
            DirectorySync.FlushAll(_temporary.Folder);
        }
        catch
        {
            Volatile.Write(ref _failedAt, DateTime.UtcNow.Ticks);
            foreach (var (temp, _, _) in written) File.Delete(temp);
            throw;
        }
    }

    private static long? SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

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

    private bool IsSound(string path, Digest digest, long length)
    {
        try
        {
            if (SizeOf(path) != length) return false;
            if (_nameOf is not null) return _nameOf(File.ReadAllBytes(path)) == digest; // packed blobs are small
            using var stream = File.OpenRead(path);
            return Digest.FromHash(SHA256.HashData(stream)) == digest;
        }
        catch (FileNotFoundException)
        {
            return false; // deleted meanwhile
        }
    }
}
