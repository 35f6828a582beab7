using Relo.Archive.Blobs;
using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Kernels.Store;

public sealed class KernelStoreTests
{
    private static readonly byte[] Btf = TinyBtf.Of("int");
    private static readonly byte[] OtherBtf = TinyBtf.Of("int", "long");

    [Fact]
    public async Task An_added_kernel_is_found_by_id_release_and_digest()
    {
        await using var archive = await TestArchive.StartAsync();
        var kernel = Added(await archive.AddAsync(Btf, "6.1.0-38-amd64", "amd64", "\"Debian\"", "'12'"));
        Assert.Equal(
            new Kernel("debian/12/x86_64/6.1.0-38-amd64", "debian", "12", "x86_64", "6.1.0-38-amd64", Digest.Of(Btf), Btf.Length, "upload",
                archive.Clock.GetUtcNow(), kernel.Modules),
            kernel);
        Assert.Equal(kernel, archive.Index.Find(kernel.Id));
        Assert.Equal(kernel, Assert.IsType<KernelFound>(archive.Resolver.Resolve(new("6.1.0-38-amd64"))).Kernel);
        Assert.Equal(kernel, Assert.IsType<KernelFound>(archive.Resolver.Resolve(new(Digest.Of(Btf).ToString()))).Kernel);
        Assert.Equal(Btf, File.ReadAllBytes(archive.BtfPath(kernel.Btf)));
    }

    [Fact]
    public async Task Nobody_says_the_distribution_then_it_is_a_custom_one()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.Equal("custom/local/x86_64/6.1.0-38-amd64", Added(await archive.AddAsync(Btf, "6.1.0-38-amd64")).Id);
    }

    [Fact]
    public async Task Raw_BTF_needs_release_and_architecture()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.Contains("'release' is missing", Refused(await archive.AddAsync(Btf, release: ""), Rejected.InvalidKernel));
        Assert.Contains("'arch' is missing", Refused(await archive.AddAsync(Btf, arch: null), Rejected.InvalidKernel));
    }

    [Fact]
    public async Task What_the_file_knows_need_not_be_given_and_what_is_given_wins()
    {
        await using var archive = await TestArchive.StartAsync();
        var packed = FixtureFiles.Read("tiny.btf.tar.xz");
        Assert.Equal("custom/local/x86_64/4.18.0-80.el8.x86_64", Added(await archive.AddAsync(packed, release: "", arch: null)).Id);
        Assert.Equal("rhel/8/arm64/my-own", Added(await archive.AddAsync(packed, "my-own", "aarch64", "redhat", "8")).Id);
    }

    [Theory]
    [InlineData("6.1.0/../../etc", "x86_64", "debian", "12")]
    [InlineData("6.1.0", "x86 64", "debian", "12")]
    [InlineData("6.1.0", "x86_64", "..", "12")]
    [InlineData("6.1.0", "x86_64", "debian", "1/2")]
    public async Task Parts_that_are_no_file_names_are_refused(string release, string arch, string distro, string version)
    {
        await using var archive = await TestArchive.StartAsync();
        Refused(await archive.AddAsync(Btf, release, arch, distro, version), Rejected.InvalidKernel);
        Assert.Empty(archive.Stored("btf"));
    }

    [Fact]
    public async Task Broken_BTF_is_refused_with_section_and_offset_and_leaves_nothing()
    {
        await using var archive = await TestArchive.StartAsync();
        var broken = (byte[])Btf.Clone();
        broken[24 + 7] = 0x1f; // kind 31
        var rejected = Assert.IsType<Rejected>(await archive.AddAsync(broken));
        Assert.Equal((Rejected.InvalidBtf, ".BTF"), (rejected.Code, rejected.Section));
        Assert.NotNull(rejected.Offset);
        Assert.Empty(archive.Stored("btf"));
        Assert.Equal(0, archive.Index.Count);
    }

    [Fact]
    public async Task BTF_without_types_is_refused()
    {
        await using var archive = await TestArchive.StartAsync();
        Assert.Contains("no types", Refused(await archive.AddAsync(TinyBtf.Of()), Rejected.InvalidBtf));
    }

    [Fact]
    public async Task The_same_kernel_again_is_already_there()
    {
        await using var archive = await TestArchive.StartAsync();
        var kernel = Added(await archive.AddAsync(Btf));
        archive.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(kernel, Assert.IsType<AlreadyThere>(await archive.AddAsync(Btf)).Kernel);
    }

    [Fact]
    public async Task Another_BTF_under_the_same_id_is_a_conflict_unless_it_is_to_replace()
    {
        await using var archive = await TestArchive.StartAsync();
        var kernel = Added(await archive.AddAsync(Btf));
        Assert.Equal(kernel, Assert.IsType<Conflict>(await archive.AddAsync(OtherBtf)).Existing);
        Assert.Equal(Digest.Of(OtherBtf), Added(await archive.AddAsync(OtherBtf, replace: true)).Btf);
        Assert.Equal(Digest.Of(OtherBtf), Assert.Single(archive.Stored("btf"))); // the replaced one was deleted
        await archive.Restart();
        Assert.Equal(Digest.Of(OtherBtf), archive.Index.Find(kernel.Id)!.Btf);
    }

    [Fact]
    public async Task Two_adds_of_one_id_at_once_give_one_kernel()
    {
        await using var archive = await TestArchive.StartAsync();
        var outcomes =
            await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => archive.AddAsync(i % 2 == 0 ? Btf : OtherBtf))));
        var kernel = Assert.Single(outcomes.OfType<Added>()).Kernel;
        Assert.Equal(7, outcomes.OfType<AlreadyThere>().Count());
        Assert.Equal(8, outcomes.OfType<Conflict>().Count());
        Assert.Equal(kernel.Btf, Assert.Single(archive.Stored("btf")));
    }

    [Fact]
    public async Task Adding_and_deleting_at_once_never_leaves_a_kernel_without_its_BTF()
    {
        Assert.SkipWhen(TestBlobs.AreInS3, "s3rver ends when one request deletes what another one reads");
        await using var archive = await TestArchive.StartAsync();
        var ct = TestContext.Current.CancellationToken;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (i, token) =>
        {
            var release = $"6.1.{i % 3}";
            if (i % 2 == 0) await archive.AddAsync(Btf, release);
            else await archive.Store.DeleteAsync($"custom/local/x86_64/{release}", token);
        });
        Assert.Equal(archive.Index.Count > 0, archive.Stored("btf").Contains(Digest.Of(Btf)));
        await archive.Restart();
        Assert.Equal(archive.Index.Count > 0, archive.Stored("btf").Contains(Digest.Of(Btf)));
    }

    [Fact]
    public async Task A_restart_keeps_everything()
    {
        await using var archive = await TestArchive.StartAsync();
        var first = Added(await archive.AddAsync(Btf, "6.1.0"));
        var second = Added(await archive.AddAsync(OtherBtf, "6.2.0"));
        await archive.Restart();
        Assert.Equal([first.Id, second.Id], archive.Index.Matching(new()).Select(k => k.Id));
        Assert.Equal(first, archive.Index.Find(first.Id)! with { Modules = first.Modules }); // lists compare by reference
        using var lease = archive.Cache.Open(second.Btf);
        Assert.Equal(OtherBtf, lease!.Bytes.ToArray());
    }

    [Fact]
    public async Task A_deleted_kernel_takes_its_BTF_along_unless_another_one_has_it()
    {
        await using var archive = await TestArchive.StartAsync();
        Kernel one = Added(await archive.AddAsync(Btf, "6.1.0")), two = Added(await archive.AddAsync(Btf, "6.2.0"));
        Assert.True(await archive.Store.DeleteAsync(one.Id, TestContext.Current.CancellationToken));
        Assert.Single(archive.Stored("btf"));
        Assert.False(await archive.Store.DeleteAsync(one.Id, TestContext.Current.CancellationToken));
        archive.Cache.Open(Digest.Of(Btf))!.Dispose();
        Assert.True(await archive.Store.DeleteAsync(two.Id, TestContext.Current.CancellationToken));
        Assert.Empty(archive.Stored("btf"));
        Assert.Null(archive.Cache.Open(Digest.Of(Btf)));
    }

    [Fact]
    public async Task A_process_killed_between_blob_and_row_leaves_an_archive_that_takes_the_kernel_again()
    {
        await using var archive = await TestArchive.StartAsync();
        await archive.Get<ArchiveBlobs>().Btf.PutAsync(Digest.Of(Btf), Btf, TestContext.Current.CancellationToken);
        await archive.Restart();
        Assert.Equal(0, archive.Index.Count);
        Added(await archive.AddAsync(Btf));
        Assert.Single(archive.Stored("btf"));
    }

    [Fact]
    public async Task A_process_killed_while_writing_a_blob_leaves_nothing_after_the_next_start()
    {
        await using var archive = await TestArchive.StartAsync();
        TestBlobs.SkipUnlessFiles();
        var left = Path.Combine(archive.Root, "blobs", "btf", ".tmp", "left");
        File.WriteAllBytes(left, Btf[..10]);
        await archive.Restart();
        Assert.False(File.Exists(left));
        Assert.Empty(archive.Files("btf"));
    }

    [Fact]
    public async Task A_lost_blob_comes_back_when_its_kernel_is_added_again()
    {
        await using var archive = await TestArchive.StartAsync();
        var kernel = Added(await archive.AddAsync(Btf));
        File.Delete(archive.BtfPath(kernel.Btf));
        Assert.Null(archive.Cache.Open(kernel.Btf));
        Assert.IsType<AlreadyThere>(await archive.AddAsync(Btf));
        archive.Cache.Open(kernel.Btf)!.Dispose();
    }

    [Fact]
    public async Task The_running_kernels_own_BTF_is_taken()
    {
        var btf = FixtureFiles.RunningKernel();
        await using var archive = await TestArchive.StartAsync();
        using var lease = archive.Cache.Open(Added(await archive.AddAsync(btf)).Btf);
        Assert.True(lease!.Types.Count > 1000);
    }

    private static Kernel Added(AddOutcome outcome) => Assert.IsType<Added>(outcome).Kernel;

    private static string Refused(AddOutcome outcome, string code)
    {
        var rejected = Assert.IsType<Rejected>(outcome);
        Assert.Equal(code, rejected.Code);
        return rejected.Detail;
    }
}
