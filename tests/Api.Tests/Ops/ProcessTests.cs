using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Commands;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

/// <summary>The service as a process among others: what it prints where containers collect it, and how it ends.</summary>
public sealed class ProcessTests : IDisposable
{
    private const string Slow = $"/v1/relocations?kernel={Samples.NewKernel}";

    private readonly string _root = Directory.CreateTempSubdirectory("relo-process-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_a_container_each_line_is_an_object_and_a_request_has_the_trace_of_its_problem()
    {
        using var running = await RunningAsync(container: true);
        var problem = await (await running.Http.GetAsync("/v1/kernels/resolve?kernel=1.0", Patience)).ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        var lines = (await running.StopAsync()).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(lines, line => Assert.True(line.ContainsKey("@t") && line.ContainsKey("@mt"), line.Text()));
        var request = Assert.Single(lines, line => (string?)line["RequestPath"] == "/v1/kernels/resolve");
        Assert.Equal((string?)problem["traceId"], (string?)request["@tr"]);
        Assert.Equal((404, "ResolveKernel", "KernelNotFound"), ((int)request["StatusCode"]!, (string?)request["UseCase"], (string?)request["Outcome"]));
    }

    [Fact]
    public async Task Request_that_was_begun_is_answered_before_the_process_ends()
    {
        using var running = await RunningAsync();
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var answer = running.Http.PostAsync(Slow, new Hesitant(Samples.Object, begun, go.Task), Patience);
        await begun.Task;
        running.Terminate();
        await running.UntilSaidAsync("shutting down");
        go.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        await running.StopAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }

    [Fact]
    public async Task Process_does_not_wait_longer_than_it_may()
    {
        using var running = await RunningAsync(container: false, "--Limits:ShutdownTime=00:00:01");
        var begun = new TaskCompletionSource();
        var answer = running.Http.PostAsync(Slow, new Hesitant(Samples.Object, begun, Task.Delay(Timeout.Infinite, Patience)), Patience);
        await begun.Task;
        running.Terminate();
        await running.Process.WaitForExitAsync(Patience).WaitAsync(TimeSpan.FromSeconds(30), Patience);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private async Task<Running> RunningAsync(bool container = false, params string[] settings)
    {
        var start = RunProgram.StartOf(_root, ["--urls=http://127.0.0.1:0", .. settings]);
        if (container) start.Environment[Api.Ops.LogOptions.InContainer] = "true";
        var running = new Running(Process.Start(start)!);
        var line = await running.UntilSaidAsync("ow listening on");
        const string scheme = "http://";
        running.Http.BaseAddress = new Uri(scheme + line[(line.IndexOf(scheme, StringComparison.Ordinal) + scheme.Length)..].Split('"', ' ')[0]);
        return running;
    }

    /// <summary>A body of which one half comes, and the other when it is told to.</summary>
    private sealed class Hesitant(byte[] bytes, TaskCompletionSource begun, Task go) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await stream.FlushAsync();
            begun.SetResult();
            await go;
            await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }

    private sealed class Running(Process process) : IDisposable
    {
        private readonly List<string> _said = [];

        public Process Process => process;

        public HttpClient Http { get; } = new();

        public async Task<string> UntilSaidAsync(string words)
        {
            while (await process.StandardOutput.ReadLineAsync(Patience) is { } line)
            {
                _said.Add(line);
                if (line.Contains(words, StringComparison.Ordinal)) return line;
            }

            throw new InvalidOperationException(string.Join('\n', _said) + await process.StandardError.ReadToEndAsync(Patience));
        }

        public void Terminate()
        {
            using var kill = Process.Start("kill", $"-TERM {process.Id}");
            kill.WaitForExit();
        }

        /// <summary>All it has said.</summary>
        public async Task<List<string>> StopAsync()
        {
            Terminate();
            var rest = await process.StandardOutput.ReadToEndAsync(Patience);
            await process.WaitForExitAsync(Patience);
            return [.. _said, .. rest.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        }

        public void Dispose()
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
            Http.Dispose();
        }
    }
}
