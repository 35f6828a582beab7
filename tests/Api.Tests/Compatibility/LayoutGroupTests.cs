using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Compatibility;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Index;
using Relo.Archive.Layouts;
using Relo.Archive.Opened;
using Relo.Archive.Tests.Fixtures;
using Relo.Conformance.Generated;
using Relo.Core.Btf;

namespace Relo.Api.Tests.Compatibility;

/// <summary>Kernels with the same layouts of what an object reads are checked once, and each has its own result.</summary>
public sealed class LayoutGroupTests : IDisposable
{
    private const int Kernels = 40;

    private readonly ServiceHost _service = new(root: null);

    private HttpClient Http => _service.Http;

    private CompatibilityRunner Runner => _service.Services.GetRequiredService<CompatibilityRunner>();

    private KernelIndex Index => _service.Services.GetRequiredService<KernelIndex>();

    [Fact]
    public async Task Results_are_those_of_each_kernel_alone_also_after_kernels_are_added_replaced_and_deleted()
    {
        var (line, random) = (new KernelLine(Samples.NewBtf, fewestMembers: 1), new Random(7));
        for (var i = 0; i < Kernels; i++) await PutAsync(i, line.Next(random, changes: 1));
        await CompareAsync();
        Assert.InRange(Runner.Tally.Made, 2, Kernels / 2); // the others share the outcome of one of these
        for (var i = 0; i < Kernels; i += 7) await PutAsync(i, line.Next(random, changes: 3));
        await CompareAsync(areRead: false);
        for (var i = 0; i < Kernels; i += 5)
            (await Http.DeleteAsync($"/v1/kernels?kernel=made-up/1/x86_64/6.1.{i}")).EnsureSuccessStatusCode();
        for (var i = Kernels; i < Kernels + 4; i++) await PutAsync(i, line.Next(random, changes: 1));
        await CompareAsync();
    }

    [Fact]
    public async Task Kernels_whose_layouts_are_known_need_no_file()
    {
        await PutAsync(1, Samples.NewBtf);
        await PutAsync(2, MadeUpBtf.Of("another"));
        await ReadAsync();
        TestBlobs.SkipUnlessFiles();
        var digest = Core.Bytes.Digest.Of(MadeUpBtf.Of("another")).Hex;
        foreach (var file in Directory.EnumerateFiles(_service.Root, $"{digest}*", SearchOption.AllDirectories)) File.Delete(file);
        var document = await Question.DocumentAsync(Http, "distro=made-up");
        Assert.Equal(["made-up/1/x86_64/6.1.1", "made-up/1/x86_64/6.1.2"], Assert.Single(document["groups"]!.AsArray()).Kernels());
        Assert.Equal(0, _service.Services.GetRequiredService<BtfCache>().BytesOpen);
    }

    // A field that is missing is looked for in what the struct points to: the answer depends on that as well.
    [Fact]
    public async Task What_replaced_a_field_is_told_apart_where_only_a_struct_behind_a_pointer_differs()
    {
        await PutAsync(1, WithPointer("pid_state"));
        await PutAsync(2, WithPointer("something"));
        await PutAsync(3, WithPointer("something", extra: true));
        await CompareAsync();
    }

    private static byte[] WithPointer(string member, bool extra = false)
    {
        var btf = new BtfWriter();
        var word = btf.Int("long", 8, encoding: 1);
        if (extra) btf.Struct("extra", 8, new BtfWriter.Member("a", word, 0));
        var inner = btf.Struct("task_inner", 8, new BtfWriter.Member(member, word, 0));
        btf.Struct("task_struct", 16, new BtfWriter.Member("inner", btf.Ptr(inner), 0), new BtfWriter.Member("flags", word, 64));
        return btf.ToBytes();
    }

    /// <summary>Compares each line of the answer with the report of that kernel alone.</summary>
    private async Task CompareAsync(bool areRead = true)
    {
        if (areRead) await ReadAsync();
        var lines = await Question.LinesAsync(Http, "distro=made-up");
        Assert.Equal(
            Index.Matching(new() { Distro = "made-up" }).Select(kernel => kernel.Id), lines[..^1].Select(line => (string)line["kernel"]!));
        foreach (var line in lines[..^1])
        {
            var kernel = (string)line["kernel"]!;
            using var answer = await Http.PostAsync($"/v1/relocations?kernel={kernel}", Answers.Body(Samples.Object));
            var report = await answer.JsonAsync();
            if ((string?)line["verdict"] == "failed")
            {
                Assert.Equal((string?)line["failure"]!["detail"], (string?)report["detail"]);
                continue;
            }

            Assert.Equal((string?)report["verdict"], (string?)line["verdict"]);
            Assert.Equal((string?)report["patched"]!["sha256"], (string?)line["patched"]);
            var group = lines[^1]["groups"]!.AsArray().Single(group => group.Kernels().Contains(kernel));
            Assert.Equal(report["fieldChanges"].Text(), group!["fieldChanges"].Text());
            Assert.Equal(
                new JsonArray([.. report["checks"]!.AsArray().Where(check => (string?)check!["status"] is "absent" or "changed")
                    .Select(check => check!.DeepClone())]).Text(),
                group["checks"].Text());
        }
    }

    private async Task ReadAsync()
    {
        var layouts = _service.Services.GetRequiredService<LayoutIndex>();
        do
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            await layouts.CatchUpAsync(TestContext.Current.CancellationToken);
        }
        while (layouts.Lacking(Index.Matching(new())) is not []);
    }

    private async Task PutAsync(int number, byte[] btf) => (await Http.PostAsync(
        $"/v1/kernels?distro=made-up&version=1&arch=x86_64&release=6.1.{number}&replace=true", Answers.Body(btf))).EnsureSuccessStatusCode();

    public void Dispose() => _service.Dispose();
}
