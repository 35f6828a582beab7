using System.Diagnostics;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Docs;

/// <summary>The shell step for pipelines in the user guide, extracted and run.</summary>
public sealed class PipelineStepTests(Service service) : IClassFixture<Service>, IDisposable
{
    private const string Script = "relo-check.sh";

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-step-").FullName;

    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    [InlineData("busybox")]
    public async Task Step_passes_where_the_object_is_usable_and_stops_at_the_first_kernel_where_it_is_not(string shell)
    {
        await service.Http.PostAsync("/v1/kernels?distro=test&version=1&arch=x86_64&release=no-pid", Answers.Body(MadeUpBtf.WithoutPid()));
        var good = await RunAsync(shell, $"{Samples.OldKernel}\n{Samples.NewKernel}\n");
        Assert.Equal(0, good.Status);
        Assert.Contains($"t.o on {Samples.OldKernel}: guarded\nt.o on {Samples.NewKernel}: guarded\n", good.Said, StringComparison.Ordinal);

        var broken = await RunAsync(shell, $"{Samples.OldKernel}\nno-pid"); // a last line that does not end is one, too
        Assert.Equal(1, broken.Status);
        Assert.Contains("t.o on no-pid: ", broken.Said, StringComparison.Ordinal);
        Assert.Contains("can be reached; failOn=broken refuses that", broken.Said, StringComparison.Ordinal);

        var unknown = await RunAsync(shell, $"9.9.9-nowhere\n{Samples.NewKernel}\n");
        Assert.Equal(1, unknown.Status);
        Assert.DoesNotContain(Samples.NewKernel + ": guarded", unknown.Said, StringComparison.Ordinal);

        var alone = await RunAsync(shell, Samples.NewKernel, "http://127.0.0.1:9");
        Assert.True(alone.Status == 1 && alone.Said.Contains("no answer", StringComparison.Ordinal), alone.Said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Status, string Said)> RunAsync(string shell, string kernels, string? server = null)
    {
        foreach (var program in new[] { shell, "curl", "jq" })
            Assert.SkipUnless(Node.Find(program) is not null, $"{program} is not installed");
        await File.WriteAllTextAsync(Path.Combine(_folder, Script), Step());
        await File.WriteAllTextAsync(Path.Combine(_folder, "kernels"), kernels);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "t.o"), Samples.Object);
        string[] command = [.. shell == "busybox" ? [Node.Find(shell)!, "sh"] : new[] { Node.Find(shell)! }, Script, "t.o", "kernels"];
        var start = new ProcessStartInfo(
            command[0], command[1..])
        { WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["RELO"] = server ?? service.Http.BaseAddress!.ToString().TrimEnd('/');
        using var process = Process.Start(start)!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    private static string Step() => new DocFile("wwwroot/docs/pipelines.md").Blocks().Single(block => block.SavedAs == Script).Text + "\n";
}
