using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Faults;

/// <summary>
/// A disk cannot read pages of a kernel's mapped file. The system kills a process that touches such a page: the service is a
/// separate process here, and must keep running.
/// </summary>
public sealed partial class UnreadableDiskTests
{
    private const string Kernel = "mine/1/x86_64/1.0", Download = $"/v1/kernels/btf?kernel={Kernel}";

    [Theory]
    [InlineData("btf")]
    [InlineData("index")]
    public async Task Kernel_that_the_disk_does_not_give_is_a_problem_until_it_does(string unread)
    {
        var btf = MadeUpBtf.Of("large", extraBytes: 1 << 20, MadeUpBtf.WithoutPid()); // layouts of its own: its BTF is needed
        using var disk = new FailingDisk();
        using (var before = await RunningProgram.StartAsync(disk.Path))
        {
            await before.Http.PostAsync("/v1/kernels?distro=mine&version=1&arch=x86_64&release=1.0", Answers.Body(btf));
            await before.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
            Assert.Equal(HttpStatusCode.OK, (await before.Http.GetAsync($"/v1/relocated/tracer?kernel={Kernel}")).StatusCode);
            // Its layouts, too: later nothing reads the file in the background.
            for (var layouts = 0; layouts < 3;)
                layouts += int.Parse(Kernels().Match(await before.UntilSaidAsync("The layouts of")).Value, CultureInfo.InvariantCulture);
            await before.StopAsync();
        }

        using var running = await RunningProgram.StartAsync(disk.Path);
        // in memory, as the database is
        Assert.Equal(HttpStatusCode.OK, (await running.Http.GetAsync("/v1/objects/tracer/file")).StatusCode);
        disk.DropFromMemory(Directory.EnumerateFiles(
            Path.Combine(disk.Path, "blobs", unread), Core.Bytes.Digest.Of(btf).Hex, SearchOption.AllDirectories).Single());
        disk.Fail();
        if (unread == "index")
        {
            // It is made again, and where that cannot be kept, in memory.
            Assert.Equal(HttpStatusCode.OK, (await running.Http.GetAsync($"/v1/relocated/tracer?kernel={Kernel}")).StatusCode);
        }
        else
        {
            foreach (var route in new[] { Download, $"/v1/relocated/tracer?kernel={Kernel}" })
            {
                using var answer = await running.Http.GetAsync(route);
                var problem = await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable, "storage-unavailable");
                Assert.Equal("the disk with the data folder reports errors", (string?)problem["detail"]);
                Assert.Equal("30", answer.Header("Retry-After"));
            }

            var question = await (await running.Http.PostAsync("/v1/compatibility?object=tracer", null)).JsonAsync();
            // the samples are in memory
            Assert.Equal((2, 1), ((int)question["verdicts"]!["guarded"]!, (int)question["verdicts"]!["failed"]!));
        }

        disk.Repair();
        Assert.Equal(HttpStatusCode.OK, (await running.Http.GetAsync($"/v1/relocated/tracer?kernel={Kernel}")).StatusCode);
        Assert.Equal(btf, await running.Http.GetByteArrayAsync(Download)); // nothing was set aside
        Assert.False(Directory.Exists(Path.Combine(disk.Path, "quarantine")));
        await running.StopAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }

    [GeneratedRegex(@"(?<=The layouts of )\d+")]
    private static partial Regex Kernels();
}
