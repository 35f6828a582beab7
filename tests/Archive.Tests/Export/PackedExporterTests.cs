using Relo.Archive.Export;
using Relo.Archive.Import;
using Relo.Archive.Kernels;
using Relo.Archive.PackedArchive;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Export;

public sealed class PackedExporterTests : IAsyncLifetime
{
    private const string First = "6.1.0-1-amd64", Second = "6.1.0-2-amd64", Third = "6.1.0-3-amd64", Far = "7.0.0-1-amd64";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-packed-").FullName;
    private TestArchive _archive = null!;

    private string File => Path.Combine(_folder, "all.relo");

    public async ValueTask InitializeAsync()
    {
        _archive = await TestArchive.StartAsync();
        await _archive.AddAsync(Kernel("a"), First, distro: "debian", version: "12");
        await _archive.AddAsync(Kernel("b"), Second, distro: "debian", version: "12");
        await _archive.AddAsync(Kernel("b"), Third, distro: "debian", version: "12");
        await _archive.AddAsync(TinyBtf.Of("far"), Far, distro: "debian", version: "12");
    }

    public async ValueTask DisposeAsync()
    {
        await _archive.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_is_exported_can_be_imported_and_is_the_same()
    {
        await _archive.Store.AddAsync(
            TinyBtf.SplitOn(["far"], "in_module"), new(Release: Far, Arch: "x86_64", Module: "nf_conntrack"), "upload", replace: false,
            TestContext.Current.CancellationToken);
        Assert.Equal((4, 0), await ExportAsync() is var summary ? (summary.Written, summary.Failed.Count) : default);

        await using var other = await TestArchive.StartAsync();
        var imported = await ImportAsync(other);
        Assert.Empty(imported.Rejected);
        Assert.Equal((4, 1), (imported.Added, imported.Modules));
        Assert.Equal(Kernels(_archive), Kernels(other));
        Assert.Equal(["nf_conntrack"], other.Index.Find($"debian/12/x86_64/{Far}")!.Modules);
        Assert.Equal(4, (await ImportAsync(other)).Present);
    }

    [Fact]
    public async Task Kernels_alike_are_stored_as_differences_and_equal_ones_once()
    {
        await ExportAsync();
        var entries = Entries();
        Assert.Equal(
            [
                "relo-archive.json",
                $"kernels/debian/12/x86_64/{First}.json", $"kernels/debian/12/x86_64/{First}.btf.zst",
                $"kernels/debian/12/x86_64/{Second}.json", $"kernels/debian/12/x86_64/{Second}.btf.zst",
                $"kernels/debian/12/x86_64/{Third}.json",
                $"kernels/debian/12/x86_64/{Far}.json", $"kernels/debian/12/x86_64/{Far}.btf.zst",
            ],
            entries.Select(entry => entry.Name));
        Assert.True(entries[4].Bytes < entries[2].Bytes / 4, $"the difference has {entries[4].Bytes} bytes, the base {entries[2].Bytes}");
    }

    [Fact]
    public async Task A_kernel_without_a_stable_form_does_not_become_the_base_of_others()
    {
        var inside = Kernel("c");
        inside[24 + 16]++; // the name of the first struct now begins inside a string
        await _archive.AddAsync(inside, "6.1.0-1.5-amd64", distro: "debian", version: "12");
        Assert.Empty((await ExportAsync()).Failed);
        await using var other = await TestArchive.StartAsync();
        Assert.Empty((await ImportAsync(other)).Rejected);
        Assert.Equal(Kernels(_archive), Kernels(other));
    }

    [Fact]
    public async Task A_module_that_is_null_is_refused()
    {
        await using (var file = System.IO.File.Create(File))
        await using (var tar = new System.Formats.Tar.TarWriter(file))
        {
            Write(tar, "relo-archive.json", $$"""{"format":{{PackedHead.CurrentFormat}},"kernels":1}""");
            Write(tar, $"kernels/debian/12/x86_64/{Far}.json", $$"""
                {"distro":"debian","version":"12","arch":"x86_64","release":"{{Far}}","btf":"{{Digest.Of(TinyBtf.Of("far")).Hex}}",
                "sizeBytes":1,"form":"Alone","modules":[null]}
                """);
        }

        await using var other = await TestArchive.StartAsync();
        Assert.Contains("a module that is null", Assert.Single((await ImportAsync(other)).Rejected).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_kernels_give_the_same_file()
    {
        await ExportAsync();
        var once = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        await ExportAsync();
        Assert.Equal(once, await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_damaged_or_missing_BTF_is_told_and_the_others_are_written()
    {
        System.IO.File.Delete(_archive.BtfPath(_archive.Index.Find($"debian/12/x86_64/{First}")!.Btf));
        var summary = await ExportAsync();
        var failed = Assert.Single(summary.Failed);
        Assert.Equal($"debian/12/x86_64/{First}", failed.Kernel);
        Assert.Contains("is missing", failed.Reason, StringComparison.Ordinal);
        await using var other = await TestArchive.StartAsync();
        Assert.Equal(3, (await ImportAsync(other)).Added);
    }

    [Fact]
    public async Task Each_changed_byte_is_noticed_and_no_wrong_kernel_is_added()
    {
        await ExportAsync();
        var packed = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        var right = Kernels(_archive).ToHashSet();
        var rejected = 0;
        for (var at = 0; at < packed.Length; at += 61)
        {
            var changed = packed.ToArray();
            changed[at] ^= 0x41;
            await System.IO.File.WriteAllBytesAsync(File, changed, TestContext.Current.CancellationToken);
            await using var other = await TestArchive.StartAsync();
            var summary = PackedImporter.Recognises(File) ? await ImportAsync(other) : null;
            rejected += summary is not { Rejected.Count: 0 } ? 1 : 0;
            Assert.All(Kernels(other), kernel => Assert.Contains(kernel.Btf, right.Select(one => one.Btf)));
        }

        Assert.True(rejected > 20, $"{rejected} changes were noticed");
    }

    [Fact]
    public async Task An_archive_that_is_cut_is_refused_after_the_kernels_that_are_whole()
    {
        await ExportAsync();
        var packed = await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllBytesAsync(File, packed[..(packed.Length / 2)], TestContext.Current.CancellationToken);
        await using var other = await TestArchive.StartAsync();
        var summary = await ImportAsync(other);
        Assert.InRange(summary.Added, 1, 3);
        Assert.Contains("truncated", Assert.Single(summary.Rejected).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tiny", "tiny", "module tiny is there twice")]
    [InlineData("tiny", "vmlinux", "module 'vmlinux' is the kernel itself")]
    [InlineData("tiny", "../x", "begins with a dot")]
    public async Task Modules_with_names_that_cannot_be_are_refused(string first, string second, string reason)
    {
        var (kernel, split) = (_archive.Index.Find($"debian/12/x86_64/{Far}")!, TinyBtf.SplitOn(["far"], "in_module"));
        await using (var file = System.IO.File.Create(File))
        {
            using var writer = new PackedWriter(file);
            writer.WriteHead(1);
            writer.Write(
                kernel, PackedWriter.Pack(TinyBtf.Of("far"), default),
                [.. new[] { first, second }.Select(name => (new KernelModule(name, Digest.Of(split), split.Length), split))]);
        }

        await using var other = await TestArchive.StartAsync();
        var summary = await ImportAsync(other);
        Assert.Contains(reason, Assert.Single(summary.Rejected).Reason, StringComparison.Ordinal);
        Assert.Empty(Kernels(other));
    }

    [Theory]
    [InlineData("\"btf\"", "\"bt_\"")]
    [InlineData("\"distro\":\"debian\",", "")]
    [InlineData("\"form\":\"Alone\"", "\"form\":null")]
    public async Task A_description_that_lacks_a_member_or_has_another_is_refused(string member, string instead)
    {
        await ExportAsync();
        var text = System.Text.Encoding.Latin1.GetString(await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken));
        var at = text.IndexOf(member, StringComparison.Ordinal);
        var changed = text[..at] + instead.PadRight(member.Length) + text[(at + member.Length)..]; // JSON allows the spaces
        await System.IO.File.WriteAllBytesAsync(File, System.Text.Encoding.Latin1.GetBytes(changed), TestContext.Current.CancellationToken);
        await using var other = await TestArchive.StartAsync();
        var summary = await ImportAsync(other);
        Assert.Equal(0, summary.Added);
        Assert.NotEmpty(summary.Rejected);
    }

    [Fact]
    public async Task A_packed_archive_in_a_folder_is_named_not_read()
    {
        await ExportAsync();
        await using var other = await TestArchive.StartAsync();
        var summary = await other.Importer.ImportAsync(_folder, null, TestContext.Current.CancellationToken);
        Assert.Equal("a packed archive; import it by its own name", Assert.Single(summary.Skipped).Reason);
    }

    private static void Write(System.Formats.Tar.TarWriter tar, string name, string text) => tar.WriteEntry(
        new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name)
        { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)) });

    private Task<ExportSummary> ExportAsync() =>
        _archive.Get<PackedExporter>().ExportAsync(File, null, TestContext.Current.CancellationToken);

    private Task<ImportSummary> ImportAsync(TestArchive archive) =>
        archive.Importer.ImportAsync(File, null, TestContext.Current.CancellationToken);

    private static IEnumerable<(string Id, Digest Btf)> Kernels(TestArchive archive) =>
        archive.Index.Matching(new()).Select(kernel => (kernel.Id, kernel.Btf));

    private List<(string Name, long Bytes)> Entries()
    {
        using var file = System.IO.File.OpenRead(File);
        using var tar = new System.Formats.Tar.TarReader(file);
        List<(string, long)> entries = [];
        while (tar.GetNextEntry() is { } entry) entries.Add((entry.Name, entry.Length));
        return entries;
    }

    // Two hundred structs, of which one has another member.
    private static byte[] Kernel(string changed)
    {
        var btf = new BtfWriter();
        var number = btf.Int("int", 4);
        for (var i = 0; i < 200; i++)
            btf.Struct($"struct_{i * 7919}", 8, new(i == 100 ? changed : $"m{i * 104729}", number, 0), new("second", number, 32));
        return btf.ToBytes();
    }
}
