using System.Net;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>The service as a process among others: what it prints where containers collect it, and how it ends.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-process-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_a_container_each_line_is_an_object_and_a_request_has_the_trace_of_its_problem()
    {
        using var running = await RunningProgram.StartAsync(_root, Api.Ops.LogOptions.InContainer + "=true");
        var problem = await (await running.Http.GetAsync("/v1/kernels/resolve?kernel=1.0", Patience))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        var lines = (await running.StopAsync()).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.All(lines, line => Assert.True(line.ContainsKey("@t") && line.ContainsKey("@mt"), line.Text()));
        var request = Assert.Single(lines, line => (string?)line["RequestPath"] == "/v1/kernels/resolve");
        Assert.Equal((string?)problem["traceId"], (string?)request["@tr"]);
        Assert.Equal((404, "ResolveKernel", "KernelNotFound"),
            ((int)request["StatusCode"]!, (string?)request["UseCase"], (string?)request["Outcome"]));
    }

    [Fact]
    public async Task Request_that_was_begun_is_answered_before_the_process_ends()
    {
        using var running = await RunningProgram.StartAsync(_root);
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var answer = AskAsync(running, begun, go.Task);
        await begun.Task;
        running.Terminate();
        await running.UntilSaidAsync("shutting down");
        go.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        await running.UntilEndedAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }

    [Fact]
    public async Task Process_does_not_wait_longer_than_it_may()
    {
        using var running = await RunningProgram.StartAsync(_root, environment: null, "--Limits:ShutdownTime=00:00:01");
        var begun = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        var answer = AskAsync(running, begun, never.Task);
        await begun.Task;
        running.Terminate();
        await running.Process.WaitForExitAsync(Patience);
        never.SetResult(); // sent to nobody
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    // The route reads the body, so the request itself has begun, not only its transfer.
    private static async Task<HttpResponseMessage> AskAsync(RunningProgram running, TaskCompletionSource begun, Task go)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/v1/relocations?kernel={Samples.NewKernel}")
        { Content = new Hesitant(Samples.Object, begun, go) };
        request.Headers.ExpectContinue = true;
        return await running.Http.SendAsync(request, Patience);
    }
}
