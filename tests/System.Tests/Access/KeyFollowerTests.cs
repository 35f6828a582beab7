using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Access;

/// <summary>Keys of files change while the service runs, in the ways in which people and orchestrators change files.</summary>
public sealed class KeyFollowerTests : IDisposable
{
    private const string First = "the first key of all", Second = "the second key of all";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // ends a test that would hang; the service needs two

    private readonly string _folder = Directory.CreateTempSubdirectory("relo-follow-").FullName;

    private string KeyFile => Path.Combine(_folder, "keys.ini");

    [Fact]
    public async Task Key_file_is_read_again_when_it_is_written_or_replaced_by_a_rename()
    {
        await WriteAsync(KeyFile, First);
        using var service = new ServiceHost(root: null, ("Access:Mode", "KeysForAll"), ("Access:KeyFile", KeyFile));
        await UntilAsync(service, First, HttpStatusCode.OK);

        await WriteAsync(KeyFile, Second);
        await UntilAsync(service, Second, HttpStatusCode.OK);
        await UntilAsync(service, First, HttpStatusCode.Forbidden);

        await WriteAsync(KeyFile + ".new", First);
        File.Move(KeyFile + ".new", KeyFile, overwrite: true);
        await UntilAsync(service, First, HttpStatusCode.OK);
        await UntilAsync(service, Second, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Folder_of_keys_is_read_again_when_Kubernetes_swaps_the_link_to_it()
    {
        foreach (var (version, key) in new[] { ("..1", First), ("..2", Second) })
        {
            Directory.CreateDirectory(Path.Combine(_folder, version));
            await File.WriteAllTextAsync(Path.Combine(_folder, version, "ci"), key);
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..1");
        File.CreateSymbolicLink(Path.Combine(_folder, "ci"), Path.Combine("..data", "ci"));
        using var service = new ServiceHost(root: null, ("Access:Mode", "KeysForAll"), ("Access:KeysFolder", _folder));
        await UntilAsync(service, First, HttpStatusCode.OK);

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..2");
        using (var swap = System.Diagnostics.Process.Start(
            "mv", ["-T", Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")])) await swap.WaitForExitAsync();
        await UntilAsync(service, Second, HttpStatusCode.OK);
        await UntilAsync(service, First, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("[Keys]\nci=short\n", "Access:Keys:ci has 5 characters")]
    [InlineData("[Keys]\n", "Access:Keys has no key")]
    [InlineData("what is this?\n", "keys cannot be read")]
    [InlineData(null, "keys cannot be read")]
    public async Task File_that_cannot_be_used_is_logged_once_and_the_keys_before_it_stay(string? content, string reason)
    {
        await WriteAsync(KeyFile, First);
        using var service = new ServiceHost(root: null, ("Access:Mode", "KeysForAll"), ("Access:KeyFile", KeyFile));
        if (content is null) File.Delete(KeyFile);
        else await File.WriteAllTextAsync(KeyFile, content);

        await UntilAsync(() => Complaints().Count > 0);
        Assert.Contains(reason, Complaints()[0], StringComparison.Ordinal);
        Assert.DoesNotContain("short", Complaints()[0], StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(3)); // more reads
        Assert.Single(Complaints());
        await UntilAsync(service, First, HttpStatusCode.OK);

        await WriteAsync(KeyFile, Second);
        await UntilAsync(service, Second, HttpStatusCode.OK);

        List<string> Complaints() =>
            [.. service.Log.Events.Select(LogLines.Render)
                .Where(line => line.Contains("the previous ones stay in use", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Hang_up_signal_reads_the_keys_and_does_not_end_the_process()
    {
        await WriteAsync(KeyFile, First);
        var root = Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName;
        using var running =
            await RunningProgram.StartAsync(root, environment: null, "--Access:Mode=KeysForAll", $"--Access:KeyFile={KeyFile}");
        await WriteAsync(KeyFile, Second);
        running.Signal("HUP");
        await running.UntilSaidAsync("The keys were read again");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(running.Http, Second));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(running.Http, First));
        await running.StopAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task WriteAsync(string path, string key) => File.WriteAllTextAsync(path, $"[Keys]\nci={key}\n");

    private static Task UntilAsync(ServiceHost service, string key, HttpStatusCode status) =>
        UntilAsync(async () => await AskAsync(service.Http, key) == status);

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo()) await Task.Delay(100, patience.Token);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/kernels") { Headers = { { "X-Api-Key", key } } };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
