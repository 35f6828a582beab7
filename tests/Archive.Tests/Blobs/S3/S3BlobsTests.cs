using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Blobs;
using Relo.Archive.Blobs.S3;
using Relo.Archive.Faults;
using Relo.Archive.Tests.Fixtures;
using Relo.Benchmarks.Cluster;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Blobs.S3;

public sealed class S3BlobsTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = "hello"u8.ToArray();
    private static readonly Digest Name = Digest.Of(Bytes);

    private readonly string _root = Directory.CreateTempSubdirectory("relo-s3-").FullName;
    private FakeS3 _store = null!;
    private S3Bucket _bucket = null!;
    private S3Blobs _blobs = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Key => $"some/prefix/btf/{Name.Hex}";

    private string Copy => Path.Combine(_root, "btf", Name.Hex[..2], Name.Hex);

    public async ValueTask InitializeAsync()
    {
        _store = await FakeS3.StartAsync();
        Use(new());
        await _blobs.PrepareAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        _bucket.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_blob_is_an_object_named_for_its_digest_and_its_checksum_is_sent()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        Assert.Equal(Bytes, _store.Objects[Key]);
        Assert.Equal(Convert.ToBase64String(Convert.FromHexString(Name.Hex)), _store.LastWrite["x-amz-checksum-sha256"]);
        Assert.Equal("*", _store.LastWrite.IfNoneMatch);
        Assert.Equal($"s3://{FakeS3.Bucket}/{Key}", _blobs.NameOf(Name));
        Assert.Equal(5, await _blobs.SizeOfAsync(Name, Stop));
        Assert.Null(await _blobs.SizeOfAsync(Digest.Of("other"u8), Stop));
        using var blob = await _blobs.OpenAsync(Name, Stop);
        Assert.Equal(Bytes, blob!.Memory.ToArray());
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(Copy, Stop));
    }

    [Fact]
    public async Task A_sound_blob_is_not_written_again_and_a_damaged_one_is_replaced()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        await _blobs.PutAsync(Name, Bytes, Stop);
        Assert.Single(_store.Asked, request => request == $"PUT {Key}");
        foreach (var damaged in (string[])["hellO", "hel"])
        {
            _store.Objects[Key] = System.Text.Encoding.ASCII.GetBytes(damaged);
            await _blobs.PutAsync(Name, Bytes, Stop);
            Assert.Equal(Bytes, _store.Objects[Key]);
        }
    }

    [Fact]
    public async Task Who_comes_second_to_the_same_key_keeps_what_the_first_wrote()
    {
        _store.Before = http =>
        {
            if (HttpMethods.IsPut(http.Request.Method)) _store.Objects.TryAdd(Key, Bytes); // another node is faster
            return Task.FromResult(false);
        };
        await _blobs.PutAsync(Name, Bytes, Stop);
        Assert.Equal(Bytes, _store.Objects[Key]);
    }

    [Theory]
    [InlineData(501, "NotImplemented")]
    [InlineData(409, "ConditionalRequestConflict")]
    public async Task A_store_that_cannot_check_the_condition_is_asked_without_it(int status, string code)
    {
        _store.Before = http => http.Request.Headers.IfNoneMatch.Count > 0 ? FakeS3.FailAsync(http, status, code) : Task.FromResult(false);
        await _blobs.PutAsync(Name, Bytes, Stop);
        Assert.Equal(Bytes, _store.Objects[Key]);
    }

    // As a store may answer while another node writes the object. The client takes the ETag for a hash.
    [Theory]
    [InlineData(1, true)]
    [InlineData(int.MaxValue, false)]
    public async Task An_ETag_that_is_no_hash_is_asked_for_again_and_then_a_fault_of_the_store(int times, bool isRead)
    {
        _store.Objects[Key] = Bytes;
        _store.Before = async http =>
        {
            if (!HttpMethods.IsGet(http.Request.Method) || times-- <= 0) return false;
            http.Response.Headers.ETag = "\"odd\"";
            await http.Response.Body.WriteAsync(Bytes);
            return true;
        };
        if (isRead)
        {
            using var blob = await _blobs.ReadAsync(Name, Stop);
            Assert.Equal(Bytes, blob!.Memory.ToArray());
        }
        else await Assert.ThrowsAsync<BlobStoreException>(() => _blobs.ReadAsync(Name, Stop));
    }

    [Fact]
    public async Task A_large_blob_is_written_in_parts_and_read_whole()
    {
        Use(new() { PartBytes = 5 << 20 });
        var large = new byte[(12 << 20) + 1];
        new Random(1).NextBytes(large);
        var digest = Digest.Of(large);
        await _blobs.PutAsync(digest, large, Stop);
        Assert.Equal(3, _store.Asked.Count(request => request.StartsWith("PUT ", StringComparison.Ordinal)));
        using var blob = await _blobs.OpenAsync(digest, Stop);
        Assert.True(large.AsSpan().SequenceEqual(blob!.GetSpan()));
    }

    [Fact]
    public async Task A_large_upload_that_fails_is_aborted()
    {
        Use(new() { PartBytes = 5 << 20 });
        _store.Before = http => http.Request.Query["partNumber"] == "2"
            ? FakeS3.FailAsync(http, 403, "AccessDenied")
            : Task.FromResult(false);
        var large = new byte[12 << 20];
        await Assert.ThrowsAsync<BlobStoreException>(() => _blobs.PutAsync(Digest.Of(large), large, Stop));
        Assert.Contains(_store.Asked, request => request.StartsWith("DELETE ", StringComparison.Ordinal));
        Assert.Empty(_store.Objects);
    }

    [Fact]
    public async Task Encryption_is_asked_for_on_every_way_of_writing()
    {
        Use(new() { Encryption = "aws:kms", KmsKeyId = "key-1", PartBytes = 5 << 20 });
        await _blobs.PutAsync(Name, Bytes, Stop);
        AssertEncrypted();
        var large = new byte[6 << 20];
        await _blobs.PutAsync(Digest.Of(large), large, Stop);
        AssertEncrypted();

        void AssertEncrypted()
        {
            Assert.Equal("aws:kms", _store.LastWrite["x-amz-server-side-encryption"]);
            Assert.Equal("key-1", _store.LastWrite["x-amz-server-side-encryption-aws-kms-key-id"]);
        }
    }

    [Fact]
    public async Task A_hundred_requests_at_once_fetch_a_blob_once()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 100, CancellationToken = Stop }, async (_, stop) =>
        {
            using var blob = await _blobs.OpenAsync(Name, stop);
            Assert.Equal(5, blob!.Memory.Length);
        });
        Assert.Single(_store.Asked, request => request == $"GET {Key}");
    }

    [Fact]
    public async Task A_blob_that_is_missing_is_none()
    {
        Assert.Null(await _blobs.OpenAsync(Name, Stop));
        Assert.Null(await _blobs.ReadAsync(Name, Stop));
        Assert.False(await _blobs.MoveAsync(Name, BlobPlace.Stored, BlobPlace.Orphaned, Stop));
        Assert.False(await _blobs.SetAsideAsync(Name, Stop));
        await _blobs.DeleteAsync(Name, Stop);
        Assert.Empty(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Wrong_bytes_are_refused_and_leave_no_copy()
    {
        _store.Objects[Key] = "hellO"u8.ToArray();
        await Assert.ThrowsAsync<CorruptBlobException>(() => _blobs.OpenAsync(Name, Stop));
        await Assert.ThrowsAsync<CorruptBlobException>(() => _blobs.ReadAsync(Name, Stop));
        Assert.Empty(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories));
        _store.Objects[Key] = [];
        await Assert.ThrowsAsync<CorruptBlobException>(() => _blobs.OpenAsync(Name, Stop));
    }

    [Fact]
    public async Task Damaged_bytes_go_to_quarantine_and_sound_ones_stay()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        Assert.False(await _blobs.SetAsideAsync(Name, Stop));
        _store.Objects[Key] = "hellO"u8.ToArray();
        Assert.True(await _blobs.SetAsideAsync(Name, Stop));
        Assert.Equal([$"some/prefix/quarantine/btf/{Name.Hex}"], _store.Objects.Keys);
        Assert.Equal([new(Name, 5)], await _blobs.ListAsync(BlobPlace.Quarantined, Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task What_is_replaced_while_it_is_set_aside_stays()
    {
        _store.Objects[Key] = "hellO"u8.ToArray();
        _store.Before = http =>
        {
            if (HttpMethods.IsPut(http.Request.Method)) _store.Objects[Key] = Bytes; // another node mends it
            return Task.FromResult(false);
        };
        Assert.False(await _blobs.SetAsideAsync(Name, Stop));
        Assert.Equal([Key], _store.Objects.Keys);
    }

    [Fact]
    public async Task A_copy_that_the_disk_damaged_is_fetched_again()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        (await _blobs.OpenAsync(Name, Stop) as IDisposable)!.Dispose();
        await File.WriteAllTextAsync(Copy, "hellO", Stop);
        await Assert.ThrowsAsync<CorruptBlobException>(() => _blobs.OpenAsync(Name, Stop));
        Assert.False(await _blobs.SetAsideAsync(Name, Stop)); // what every reader does about it
        using var blob = await _blobs.OpenAsync(Name, Stop);
        Assert.Equal(Bytes, blob!.Memory.ToArray());
    }

    [Fact]
    public async Task A_list_of_many_pages_has_all_blobs_and_no_other_objects()
    {
        var digests = await _blobs.PutAllAsync([.. Enumerable.Range(0, 10).Select(i => new ReadOnlyMemory<byte>([(byte)i]))], Stop);
        _store.Objects["some/prefix/btf/readme.txt"] = _store.Objects[$"some/prefix/btf/x/{Name.Hex}"] = Bytes;
        Assert.Equal(digests.ToHashSet(), (await _blobs.SizesAsync(Stop)).Keys.ToHashSet());
    }

    [Fact]
    public async Task A_short_outage_is_bridged()
    {
        var left = 2;
        _store.Before = http => Interlocked.Decrement(ref left) >= 0 ? FakeS3.FailAsync(http, 503, "SlowDown") : Task.FromResult(false);
        await _blobs.PutAsync(Name, Bytes, Stop);
        Assert.Equal(Bytes, _store.Objects[Key]);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_again()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        var left = 1;
        _store.Before = async http =>
        {
            if (!HttpMethods.IsGet(http.Request.Method) || Interlocked.Decrement(ref left) < 0) return false;
            http.Response.ContentLength = Bytes.Length;
            await http.Response.Body.WriteAsync(Bytes.AsMemory(0, 2));
            await http.Response.Body.FlushAsync();
            http.Abort();
            return true;
        };
        using var blob = await _blobs.OpenAsync(Name, Stop);
        Assert.Equal(Bytes, blob!.Memory.ToArray());
    }

    [Theory]
    [InlineData(503, "SlowDown", "responds with 503 (SlowDown)")]
    [InlineData(403, "AccessDenied", "refuses access (AccessDenied)")]
    [InlineData(403, "InvalidAccessKeyId", "refuses access (InvalidAccessKeyId)")]
    [InlineData(404, "NoSuchBucket", "no such bucket")]
    public async Task A_failure_of_the_store_is_a_fault_of_storage_in_words(int status, string code, string words)
    {
        Use(new() { Retries = 1 });
        _store.Before = http => FakeS3.FailAsync(http, status, code);
        foreach (var ask in (Func<Task>[])[() => _blobs.ReadAsync(Name, Stop),
            () => _blobs.ListAsync(BlobPlace.Stored, Stop).ToListAsync(Stop).AsTask()])
        {
            var fault = StorageFault.Of(await Assert.ThrowsAsync<BlobStoreException>(ask))!;
            Assert.Contains(words, fault.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(S3Server.Key, fault.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", fault.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_waited_for_no_longer_than_the_limit()
    {
        Use(new() { Timeout = TimeSpan.FromSeconds(1) });
        _store.Before = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        var started = TimeProvider.System.GetTimestamp();
        var fault = await Assert.ThrowsAsync<BlobStoreException>(() => _blobs.SizeOfAsync(Name, Stop));
        Assert.Contains("in time", fault.Message, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task Silence_in_the_middle_of_an_answer_is_no_longer_than_the_limit_either()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        Use(new() { Timeout = TimeSpan.FromSeconds(1) });
        _store.Before = async http =>
        {
            if (!HttpMethods.IsGet(http.Request.Method)) return false;
            http.Response.ContentLength = Bytes.Length;
            await http.Response.Body.WriteAsync(Bytes.AsMemory(0, 2));
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAsync<BlobStoreException>(() => _blobs.OpenAsync(Name, Stop));
        Assert.Empty(Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_store_that_cannot_be_reached_lets_the_archive_start_and_one_that_refuses_does_not()
    {
        _store.Before = http => FakeS3.FailAsync(http, 403, "AccessDenied");
        var refused = await Assert.ThrowsAsync<ArchiveStartupException>(() => _blobs.PrepareAsync(Stop));
        Assert.Contains("refuses access (AccessDenied)", refused.Message, StringComparison.Ordinal);
        await _store.DisposeAsync();
        await _blobs.PrepareAsync(Stop);
        Assert.Contains("cannot be reached", (await Assert.ThrowsAsync<BlobStoreException>(() => _blobs.ProbeAsync(Stop))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_stop_the_fetch_of_the_others()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        var goOn = new TaskCompletionSource();
        _store.Before = async http =>
        {
            if (HttpMethods.IsGet(http.Request.Method)) await goOn.Task;
            return false;
        };
        using var leaves = new CancellationTokenSource();
        var first = _blobs.FetchAsync(Name, leaves.Token);
        var second = _blobs.FetchAsync(Name, Stop);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        goOn.SetResult();
        await second;
        Assert.True(File.Exists(Copy));
    }

    [Fact]
    public async Task Where_no_copy_can_be_kept_the_blob_is_read_into_memory()
    {
        await _blobs.PutAsync(Name, Bytes, Stop);
        Directory.Delete(_root, recursive: true);
        await File.WriteAllTextAsync(_root, "a file where the folder was", Stop);
        try
        {
            using var blob = await _blobs.OpenAsync(Name, Stop);
            Assert.Equal(Bytes, blob!.Memory.ToArray());
            Assert.True(_blobs.IsAsMapped(Name, blob));
        }
        finally
        {
            File.Delete(_root);
            Directory.CreateDirectory(_root);
        }
    }

    [Fact]
    public async Task On_a_full_disk_old_copies_make_room_and_without_any_the_blob_is_read_into_memory()
    {
        using var disk = new MountedFolder(1);
        Use(new(), disk.Path);
        byte[][] blobs = [.. Enumerable.Range(0, 3).Select(i => Enumerable.Repeat((byte)i, 400 << 10).ToArray())];
        var digests = await _blobs.PutAllAsync([.. blobs.Select(b => new ReadOnlyMemory<byte>(b))], Stop);
        for (var i = 0; i < blobs.Length; i++)
        {
            using var blob = await _blobs.OpenAsync(digests[i], Stop); // the third does not fit beside the others
            Assert.True(blobs[i].AsSpan().SequenceEqual(blob!.GetSpan()));
        }

        var kept = Directory.EnumerateFiles(disk.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();
        Assert.Contains(digests[2].Hex, kept);
        Assert.True(kept.Count < 3, string.Join(' ', kept));

        using var mapped = await _blobs.OpenAsync(digests[2], Stop); // nothing that is mapped is deleted
        disk.Fill();
        using var other = await _blobs.OpenAsync(digests[0], Stop);
        Assert.True(blobs[0].AsSpan().SequenceEqual(other!.GetSpan()));
        Assert.True(_blobs.IsAsMapped(digests[2], mapped!));
        Assert.True(blobs[2].AsSpan().SequenceEqual(mapped!.GetSpan()));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(disk.Path, "btf", ".tmp")));
    }

    private void Use(S3Options options, string? folder = null)
    {
        _bucket?.Dispose();
        (options.Endpoint, options.PathStyle) = (_store.Url, true);
        _bucket = new(FakeS3.Bucket, options);
        Assert.True(S3Address.TryParse($"s3://{FakeS3.Bucket}/some/prefix", out var address));
        _blobs = new(_bucket, new(address, "btf"), new(new DiskCache(folder ?? _root, long.MaxValue), "btf"), NullLogger.Instance);
    }
}
