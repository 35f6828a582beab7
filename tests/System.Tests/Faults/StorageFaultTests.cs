using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Upkeep;

namespace Relo.SystemTests.Faults;

/// <summary>
/// Full or read-only disks, and a locked database: reads still work, failed writes are problems, and the service recovers when the fault is
/// resolved.
/// </summary>
public sealed class StorageFaultTests
{
    private const string NewKernel = "/v1/kernels?distro=new&version=1&arch=x86_64&release=1.0";
    private static readonly string[] TemporaryFolders = ["blobs/btf/.tmp", "blobs/objects/.tmp", "blobs/index/.tmp", "uploads", "scratch"];
    private static readonly byte[] Large = [.. Samples.Object, .. new byte[300_000]];

    [Fact]
    public async Task On_a_full_disk_reading_goes_on_and_writing_is_a_problem_until_there_is_room()
    {
        using var disk = new MountedFolder(megabytes: 4);
        using (var service = new ServiceHost(disk.Path, ServiceHost.WithoutLayouts))
        {
            using var kept = await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
            disk.Fill();
            for (var i = 0; i < 3; i++)
            {
                await RefusedAsync(await service.Http.PostAsync("/v1/objects?name=other", Answers.Body(Large)), "full", "30");
                await RefusedAsync(await service.Http.PostAsync(NewKernel, Answers.Body(Samples.NewBtf)), "full", "30");
                await RefusedAsync(
                    await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Large)), "full", "30");
                await GivenAsync(service);
            }

            await UnreadyAsync(service, "blobs", "full");
            AssertNothingHalfWritten(disk.Path);
            disk.Empty();
            await UntilReadyAsync(service);
            Assert.Equal(HttpStatusCode.Created, (await service.Http.PostAsync("/v1/objects?name=other", Answers.Body(Large))).StatusCode);
            Assert.Equal(HttpStatusCode.Created, (await service.Http.PostAsync(NewKernel, Answers.Body(Samples.NewBtf))).StatusCode);
            await AssertWholeAsync(service, kernels: 3, objects: 2);
        }
    }

    [Fact]
    public async Task The_database_may_be_what_has_no_room()
    {
        using var disk = new MountedFolder(megabytes: 4);
        using var service = new ServiceHost(disk.Path, ServiceHost.WithoutLayouts);
        var added = 0;
        // The file of the object fits into the room that it had before; the row needs more.
        for (var i = 0; i < 40; i++)
        {
            disk.Fill();
            using var answer = await service.Http.PostAsync($"/v1/objects?name=o{i}", Answers.Body([.. Samples.Object, (byte)i]));
            if (answer.StatusCode == HttpStatusCode.Created) added++;
            else await RefusedAsync(answer, "full", "30");
            disk.Empty();
            if (i % 2 == 0) continue;
            Assert.Equal(HttpStatusCode.Created,
                (await service.Http.PostAsync($"/v1/objects?name=p{i}", Answers.Body([.. Samples.Object, 1, (byte)i]))).StatusCode);
            added++;
        }

        await AssertWholeAsync(service, kernels: 2, objects: added);
    }

    [Fact]
    public async Task On_a_disk_that_turned_read_only_reading_goes_on()
    {
        using var disk = new MountedFolder(megabytes: 16);
        using (var service = new ServiceHost(disk.Path, ServiceHost.WithoutLayouts))
        {
            using var kept = await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
            disk.MakeReadOnly();
            SqliteConnection.ClearAllPools(); // as after a while: connections come and go
            for (var i = 0; i < 3; i++)
            {
                await RefusedAsync(await service.Http.PostAsync("/v1/objects?name=other", Answers.Body(Large)), "read-only", "30");
                await RefusedAsync(await service.Http.PostAsync(NewKernel, Answers.Body(Samples.NewBtf)), "read-only", "30");
                await RefusedAsync(await service.Http.DeleteAsync("/v1/objects/tracer"), "read-only", "30");
                await RefusedAsync(await service.Http.DeleteAsync($"/v1/kernels?kernel={Samples.OldKernel}"), "read-only", "30");
                await GivenAsync(service);
            }

            await UnreadyAsync(service, "blobs", "read-only");
            disk.MakeWritable();
            await UntilReadyAsync(service);
            Assert.Equal(HttpStatusCode.Created, (await service.Http.PostAsync("/v1/objects?name=other", Answers.Body(Large))).StatusCode);
            Assert.Equal(HttpStatusCode.NoContent, (await service.Http.DeleteAsync("/v1/objects/tracer")).StatusCode);
            await AssertWholeAsync(service, kernels: 2, objects: 1);
        }
    }

    [Fact]
    public async Task On_a_disk_that_fails_reading_goes_on_and_what_was_acknowledged_is_on_it()
    {
        using var disk = new FailingDisk();
        using (var service = new ServiceHost(disk.Path, ServiceHost.WithoutLayouts))
        {
            using var kept = await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
            await GivenAsync(service);
            disk.Fail();
            for (var i = 0; i < 3; i++)
            {
                // The blob's disk or the database's, whichever is used first: what SQLite still has in memory differs.
                await RefusedAsync(await service.Http.PostAsync("/v1/objects?name=other", Answers.Body(Large)), "disk", "30");
                await RefusedAsync(await service.Http.PostAsync(NewKernel, Answers.Body(Samples.NewBtf)), "disk", "30");
                await RefusedAsync(
                    await service.Http.DeleteAsync("/v1/objects/tracer"), "cannot be read from or written to the disk", "30");
                await GivenAsync(service);
            }

            await UnreadyAsync(service, "blobs", "the disk with the data folder reports errors");
            disk.Repair();
            await UntilReadyAsync(service);
            Assert.Equal(HttpStatusCode.Created, (await service.Http.PostAsync("/v1/objects?name=other", Answers.Body(Large))).StatusCode);
            Assert.Equal(HttpStatusCode.Created, (await service.Http.PostAsync(NewKernel, Answers.Body(Samples.NewBtf))).StatusCode);
            await AssertWholeAsync(service, kernels: 3, objects: 2);
        }

        SqliteConnection.ClearAllPools();
        disk.MountAnew();
        using var after = new ServiceHost(disk.Path, ServiceHost.WithoutLayouts);
        await AssertWholeAsync(after, kernels: 3, objects: 2);
    }

    [Theory]
    [InlineData(false, "the data folder is on a read-only disk")]
    [InlineData(true, "the disk with the data folder is full")]
    public async Task A_start_on_such_a_disk_says_why_it_cannot_and_the_next_one_is_as_if_nothing_had_been(bool isFull, string reason)
    {
        using var disk = new MountedFolder(megabytes: 4);
        using (var before = new ServiceHost(disk.Path, ServiceHost.WithoutLayouts))
            await before.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        SqliteConnection.ClearAllPools();
        if (isFull) disk.Fill();
        else disk.MakeReadOnly();
        var (status, said) = await RunProgram.RunAsync(disk.Path, "serve");
        Assert.Equal(1, status);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        if (isFull) disk.Empty();
        else disk.MakeWritable();
        using var service = new ServiceHost(disk.Path, ServiceHost.WithoutLayouts);
        await GivenAsync(service);
        await AssertWholeAsync(service, kernels: 2, objects: 1);
    }

    [Fact]
    public async Task While_another_process_holds_the_database_reading_goes_on_and_writing_is_to_be_tried_again()
    {
        using var service = new ServiceHost(root: null, ("Archive:BusyTimeout", "00:00:01"), ServiceHost.WithoutLayouts);
        using var kept = await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(service.Root, "relo.db")};Pooling=false"))
        {
            await other.OpenAsync();
            await using var held = other.BeginTransaction();
            // One waits for the lock, the others for it: all get their answer in time.
            var refused = await Task.WhenAll(Enumerable.Range(0, 6)
                .Select(i => service.Http.PostAsync($"/v1/objects?name=o{i}", Answers.Body([.. Samples.Object, (byte)i]))));
            foreach (var answer in refused) await RefusedAsync(answer, "", "2");
            Assert.Contains(await Task.WhenAll(refused.Select(r => r.JsonAsync())),
                p => (string?)p["detail"] == "the database is locked by another process");
            await GivenAsync(service);
            using var ready = await service.Http.GetAsync("/healthz/ready");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode); // a node gets its object
            Assert.Equal("degraded", (string?)(await ready.JsonAsync())["checks"]!["database"]!["status"]);
        }

        Assert.Equal(
            HttpStatusCode.Created, (await service.Http.PostAsync("/v1/objects?name=o1", Answers.Body([.. Samples.Object, 1]))).StatusCode);
        await UntilReadyAsync(service);
        await AssertWholeAsync(service, kernels: 2, objects: 2);
    }

    [Fact]
    public async Task Database_that_is_gone_is_told_by_readiness_until_it_is_back()
    {
        using var service = new ServiceHost(root: null, ServiceHost.WithoutLayouts);
        var database = Path.Combine(service.Root, "relo.db");
        File.Move(database, database + ".away");
        await UnreadyAsync(service, "database", "the database was deleted or moved away");
        await RefusedAsync(await service.Http.GetAsync("/v1/objects"), "the database was deleted or moved away", "30");
        await RefusedAsync(
            await service.Http.PostAsync("/v1/objects?name=other", Answers.Body(Large)), "the database was deleted or moved away", "30");
        Assert.False(File.Exists(database));
        Assert.Equal(Samples.NewBtf, await service.Http.GetByteArrayAsync($"/v1/kernels/btf?kernel={Samples.NewKernel}"));
        File.Move(database + ".away", database);
        await UntilReadyAsync(service);
    }

    [Fact]
    public async Task A_file_that_the_system_does_not_give_is_a_problem_of_storage()
    {
        using var service = new ServiceHost(root: null, ServiceHost.WithoutLayouts);
        var blob = Directory.EnumerateFiles(
            Path.Combine(service.Root, "blobs", "btf"), Core.Bytes.Digest.Of(Samples.NewBtf).Hex, SearchOption.AllDirectories).Single();
        File.Move(blob, blob + ".away");
        Directory.CreateDirectory(blob); // even root may not read it
        await RefusedAsync(await service.Http.GetAsync($"/v1/kernels/btf?kernel={Samples.NewKernel}"), "may not be read", "30");
        Assert.DoesNotContain(service.Log.Events, e => e.Exception is not null);
        Directory.Delete(blob);
        File.Move(blob + ".away", blob);
        Assert.Equal(Samples.NewBtf, await service.Http.GetByteArrayAsync($"/v1/kernels/btf?kernel={Samples.NewKernel}"));
    }

    // Everything stored is still served: kernels that were not open, stored objects, new relocations.
    private static async Task GivenAsync(ServiceHost service)
    {
        Assert.Equal(2, (await (await service.Http.GetAsync("/v1/kernels")).JsonAsync())["items"]!.AsArray().Count);
        Assert.Equal(Samples.Object, await service.Http.GetByteArrayAsync("/v1/objects/tracer/file"));
        foreach (var kernel in new[] { Samples.OldKernel, Samples.NewKernel })
            Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync($"/v1/relocated/tracer?kernel={kernel}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.PostAsync("/v1/compatibility?object=tracer", null)).StatusCode);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, string reason, string retryAfter)
    {
        var problem = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
        Assert.Contains(reason, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("/", (string?)problem["detail"], StringComparison.Ordinal); // no path of the server
        Assert.Equal(retryAfter, answer.Header("Retry-After"));
    }

    private static async Task UnreadyAsync(ServiceHost service, string part, string reason)
    {
        var checks = await ReadinessAsync(service, ready => ready.Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal("unhealthy", (string?)checks[part]!["status"]);
        Assert.Contains(reason, (string?)checks[part]!["detail"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/healthz/live")).StatusCode);
    }

    private static Task<JsonObject> UntilReadyAsync(ServiceHost service) =>
        ReadinessAsync(
            service, ready => ready.Status == HttpStatusCode.OK && ready.Checks.All(check => (string?)check.Value!["status"] == "healthy"));

    // Readiness looks once a second.
    private static async Task<JsonObject> ReadinessAsync(
        ServiceHost service, Func<(HttpStatusCode Status, JsonObject Checks), bool> isAwaited)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await service.Http.GetAsync("/healthz/ready", patience.Token);
            var checks = (await answer.JsonAsync())["checks"]!.AsObject();
            if (isAwaited((answer.StatusCode, checks))) return checks;
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task AssertWholeAsync(ServiceHost service, int kernels, int objects)
    {
        var report = await service.Services.GetRequiredService<ArchiveVerifier>().VerifyAsync(TestContext.Current.CancellationToken);
        Assert.True(report.Faults.Count == 0, string.Join("\n", report.Faults));
        Assert.Equal((kernels, objects), (report.Kernels, report.Objects));
        AssertNothingHalfWritten(service.Root);
        Assert.DoesNotContain(service.Log.Events, e => e.Exception is not null); // no stack: it is no defect
    }

    private static void AssertNothingHalfWritten(string root)
    {
        foreach (var folder in TemporaryFolders.Select(f => Path.Combine(root, f)).Where(Directory.Exists))
            Assert.Empty(Directory.GetFileSystemEntries(folder));
    }
}
