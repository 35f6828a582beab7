using Microsoft.EntityFrameworkCore;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Layouts;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upkeep;
using Relo.Core.Btf;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Tests.Layouts;

public sealed class LayoutIndexTests
{
    private static readonly LayoutName Task = new(BtfKind.Struct, "task_struct");

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kernels_with_the_same_struct_have_the_same_layout_and_others_have_others()
    {
        await using var archive = await TestArchive.StartAsync();
        await AddAsync(archive, "6.1.0", 16);
        await AddAsync(archive, "6.1.1", 24);
        await AddAsync(archive, "6.1.2", 16, "another");
        await archive.AddAsync(TinyBtf.Of("int"), "6.1.3");
        Assert.Equal(4, await BuildAsync(archive));
        var layouts = await HistoryAsync(archive);
        Assert.All(layouts, layout => Assert.True(layout.IsKnown));
        Assert.Equal(layouts[0].Fingerprint, layouts[2].Fingerprint);
        Assert.NotEqual(layouts[0].Fingerprint, layouts[1].Fingerprint);
        Assert.NotNull(layouts[1].Fingerprint);
        Assert.Null(layouts[3].Fingerprint);
        Assert.Equal(0, await BuildAsync(archive));
    }

    [Fact]
    public async Task Fingerprints_are_those_of_the_BTF_and_survive_a_restart()
    {
        await using var archive = await TestArchive.StartAsync();
        for (uint i = 0; i < 20; i++) await AddAsync(archive, $"6.1.{i}", 8 + (i / 2 * 8), $"name_{i}");
        await BuildAsync(archive);
        await Check();
        await archive.Restart();
        await Check();

        async Task Check()
        {
            foreach (var layout in await HistoryAsync(archive))
            {
                using var lease = archive.Cache.OpenWithModules(layout.Kernel)!;
                Assert.Equal(KernelFingerprints.Of(lease.Kernel)!.Find(Task), layout.Fingerprint);
            }
        }
    }

    [Fact]
    public async Task Kernel_that_was_replaced_is_unknown_until_it_is_read_again()
    {
        await using var archive = await TestArchive.StartAsync();
        await AddAsync(archive, "6.1.0", 16);
        await BuildAsync(archive);
        var before = Assert.Single(await HistoryAsync(archive)).Fingerprint;
        await AddAsync(archive, "6.1.0", 24);
        Assert.False(Assert.Single(await HistoryAsync(archive)).IsKnown);
        await BuildAsync(archive);
        Assert.NotEqual(before, Assert.Single(await HistoryAsync(archive)).Fingerprint);
    }

    [Fact]
    public async Task Rows_of_deleted_kernels_are_removed_and_their_numbers_are_not_used_again()
    {
        await using var archive = await TestArchive.StartAsync();
        await AddAsync(archive, "6.1.0", 16);
        await AddAsync(archive, "6.1.1", 24);
        await AddAsync(archive, "6.1.2", 32);
        await BuildAsync(archive);
        foreach (var id in archive.Index.Matching(new()).Select(k => k.Id).Take(2).ToList()) await archive.Store.DeleteAsync(id, Patience);
        Assert.Equal(0, await RowsAsync(archive, db => db.KernelLayouts.Where(l => !db.Kernels.Any(k => k.Id == l.KernelId))));
        Assert.InRange(await archive.Get<LayoutSweeper>().SweepAsync(Patience), 1, 2);
        Assert.Equal(1, await RowsAsync(archive, db => db.LayoutSets.Where(s => s.BaseId == null)));
        await AddAsync(archive, "6.1.3", 16);
        await AddAsync(archive, "6.1.4", 24);
        Assert.Equal(2, await BuildAsync(archive));
        var layouts = await HistoryAsync(archive);
        Assert.Equal(3, layouts.Select(layout => layout.Fingerprint).Distinct().Count());
        Assert.All(layouts, layout => Assert.NotNull(layout.Fingerprint));
    }

    [Fact]
    public async Task Verifying_finds_layouts_that_are_not_those_of_the_BTF()
    {
        await using var archive = await TestArchive.StartAsync();
        await AddAsync(archive, "6.1.0", 16);
        await AddAsync(archive, "6.1.1", 24);
        await BuildAsync(archive);
        Assert.Empty((await archive.Get<ArchiveVerifier>().VerifyAsync(Patience)).Faults);
        await using (var db = archive.Get<IIndexEngine>().CreateDbContext())
            await db.KernelLayouts.ExecuteUpdateAsync(row => row.SetProperty(l => l.SetId, db.KernelLayouts.Max(l => l.SetId)), Patience);
        var fault = Assert.Single((await archive.Get<ArchiveVerifier>().VerifyAsync(Patience)).Faults);
        // They are read at the same time, so either may have the higher id.
        Assert.Matches(@"6\.1\.[01]: its layouts in the database are not those of its BTF", fault);
        await archive.SqlAsync(fault[fault.IndexOf("DELETE", StringComparison.Ordinal)..]);
        await archive.Restart();
        Assert.Equal(1, await BuildAsync(archive));
        Assert.Empty((await archive.Get<ArchiveVerifier>().VerifyAsync(Patience)).Faults);
    }

    [Fact]
    public async Task Verifying_finds_rows_that_cannot_be_read()
    {
        await using var archive = await TestArchive.StartAsync();
        await AddAsync(archive, "6.1.0", 16);
        await BuildAsync(archive);
        await using (var db = archive.Get<IIndexEngine>().CreateDbContext())
            await db.LayoutSets.ExecuteUpdateAsync(row => row.SetProperty(s => s.Ranges, new byte[] { 1, 2, 3 }), Patience);
        var report = await archive.Get<ArchiveVerifier>().VerifyAsync(Patience);
        Assert.Contains("LayoutSets", Assert.Single(report.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_a_damaged_database()
    {
        await using var archive = await TestArchive.StartAsync();
        await AddAsync(archive, "6.1.0", 16);
        await BuildAsync(archive);
        var cutOff = Packed.Write([0, 0, 0, 0, 0x80]); // lacks nothing; the range that it has does not end
        await using var db = archive.Get<IIndexEngine>().CreateDbContext();
        await db.LayoutSets.ExecuteUpdateAsync(row => row.SetProperty(s => s.Ranges, cutOff), Patience);
        await Assert.ThrowsAsync<DamagedDatabaseException>(() => HistoryAsync(archive));
        await DamageBlocksAsync(db);
        await Assert.ThrowsAsync<DamagedDatabaseException>(() => HistoryAsync(archive));
        await Assert.ThrowsAsync<DamagedDatabaseException>(() => SearchAsync(archive));
    }

    [Fact]
    public async Task A_block_that_could_not_be_read_for_a_while_hides_no_names()
    {
        await using var archive = await TestArchive.StartAsync();
        await AddAsync(archive, "6.1.0", 16);
        await BuildAsync(archive);
        await AddAsync(archive, "6.1.1", 24);
        await BuildAsync(archive);
        await using var db = archive.Get<IIndexEngine>().CreateDbContext();
        var last = await db.LayoutBlocks.AsNoTracking().OrderBy(block => block.First).LastAsync(Patience);
        Assert.NotEqual(0, last.First);
        await DamageBlocksAsync(db, last.First);
        await Assert.ThrowsAsync<DamagedDatabaseException>(() => SearchAsync(archive));
        await db.LayoutBlocks.Where(block => block.First == last.First)
            .ExecuteUpdateAsync(row => row.SetProperty(block => block.Layouts, last.Layouts), Patience);
        Assert.Equal(Task, Assert.Single(await SearchAsync(archive)));
    }

    [Fact]
    public async Task Two_processes_that_write_layouts_give_each_its_own_number()
    {
        await using var one = await TestArchive.StartAsync();
        await using var two = TestArchive.Prepare();
        await two.Restart(one.Root);
        for (uint i = 0; i < 6; i++)
        {
            var archive = i % 2 == 0 ? one : two;
            await AddAsync(archive, $"6.1.{i}", 8 + (i * 8));
            await archive.Get<ArchiveWatcher>().CatchUpAsync(Patience);
            await BuildAsync(archive);
        }

        await one.Get<ArchiveWatcher>().CatchUpAsync(Patience);
        await one.Get<LayoutIndex>().CatchUpAsync(Patience);
        foreach (var layout in await HistoryAsync(two))
        {
            using var lease = two.Cache.OpenWithModules(layout.Kernel)!;
            Assert.Equal(KernelFingerprints.Of(lease.Kernel)!.Find(Task), layout.Fingerprint);
        }
    }

    [Fact]
    public async Task An_index_that_is_cleared_while_it_reads_is_read_from_the_beginning()
    {
        await using var writer = await TestArchive.StartAsync();
        await using var reader = TestArchive.Prepare();
        await reader.Restart(writer.Root);
        var index = reader.Get<LayoutIndex>();
        for (uint i = 0; i < 40; i++)
        {
            await AddAsync(writer, $"6.1.{i}", 8 + (i * 8));
            await BuildAsync(writer);
            var reading = System.Threading.Tasks.Task.Run(() => index.CatchUpAsync(Patience), Patience);
            Thread.SpinWait((int)i * 2_000); // so that it is cleared at another moment each time
            index.Forget();
            await reading;
            await index.CatchUpAsync(Patience);
            Assert.Equal(
                (await RowsAsync(reader, db => db.LayoutBlocks), await RowsAsync(reader, db => db.LayoutSets)),
                index.With(now => (now.Numbers.Blocks, now.Sets.Count)));
        }
    }

    private static Task<int> BuildAsync(TestArchive archive) => archive.Get<LayoutBuilder>().BuildAsync(2, Patience);

    private static async Task<int> RowsAsync<T>(TestArchive archive, Func<ArchiveDb, IQueryable<T>> rows)
    {
        await using var db = archive.Get<IIndexEngine>().CreateDbContext();
        return await rows(db).CountAsync(Patience);
    }

    private static Task<IReadOnlyList<KernelLayout>> HistoryAsync(TestArchive archive) =>
        archive.Get<LayoutIndex>().HistoryAsync(
            Task, [.. archive.Index.Matching(new()).OrderBy(kernel => kernel.Release, StringComparer.Ordinal)], Patience);

    private static Task<IReadOnlyList<LayoutName>> SearchAsync(TestArchive archive) =>
        archive.Get<LayoutNames>().SearchAsync("task_struct", Patience);

    private static Task<int> DamageBlocksAsync(ArchiveDb db, int first = 0) => db.LayoutBlocks.Where(block => block.First >= first)
        .ExecuteUpdateAsync(row => row.SetProperty(block => block.Layouts, new byte[] { 1, 2, 3 }), Patience);

    private static async Task AddAsync(TestArchive archive, string release, uint at, string other = "other")
    {
        var b = new BtfWriter();
        var word = b.Int("int", 4);
        b.Struct("task_struct", at + 8, new BtfWriter.Member("state", word, at * 8));
        for (var i = 0; i < 40; i++) b.Struct($"common_{i}", 4, new BtfWriter.Member("x", word, 0));
        b.Struct(other, 4);
        Assert.IsType<Added>(await archive.Store.AddAsync(
            b.ToBytes(), new() { Distro = "debian", Version = "12", Arch = "x86_64", Release = release }, "upload", replace: true, Patience));
    }
}
