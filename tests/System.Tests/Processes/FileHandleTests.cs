using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>A service that may open few files, and more clients than it has handles for.</summary>
public sealed class FileHandleTests : IDisposable
{
    // The runtime keeps each assembly open: the service alone has about 350.
    private const int Handles = 600;

    private readonly string _root = Directory.CreateTempSubdirectory("relo-handles-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_clients_than_file_handles_are_turned_away_and_those_connected_are_served()
    {
        var program = RunProgram.StartOf(_root, "--urls=http://127.0.0.1:0");
        var start = new ProcessStartInfo("sh",
            ["-c", $"ulimit -n {Handles}; exec dotnet \"$@\"", "sh",
                .. program.ArgumentList])
        { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _root };
        foreach (var (name, value) in program.Environment) start.Environment[name] = value;
        using var running = await RunningProgram.StartAsync(start);
        Assert.Equal(HttpStatusCode.OK, await RelocateAsync(running.Http)); // connected before the others come

        var others = new List<Socket>();
        try
        {
            for (var i = 0; i < Handles; i++)
            {
                others.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
                await others[^1].ConnectAsync(running.Http.BaseAddress!.Host, running.Http.BaseAddress.Port, Patience);
            }

            // The last one is closed by the service, without a byte.
            Assert.Equal(0, await ReadAsync(others[^1]));
            Assert.Equal(HttpStatusCode.OK, await RelocateAsync(running.Http));
            Assert.True(Directory.GetFiles($"/proc/{running.Process.Id}/fd").Length < Handles);
        }
        finally
        {
            others.ForEach(other => other.Dispose());
        }

        using var next = new HttpClient { BaseAddress = running.Http.BaseAddress };
        Assert.Equal(HttpStatusCode.OK, await UntilServedAsync(next));
        await running.StopAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }

    private static async Task<HttpStatusCode> RelocateAsync(HttpClient http)
    {
        using var answer = await http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object), Patience);
        await answer.Content.ReadAsByteArrayAsync(Patience);
        return answer.StatusCode;
    }

    private static async Task<int> ReadAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Patience);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }

    // The service notices a moment later that the others have left.
    private static async Task<HttpStatusCode> UntilServedAsync(HttpClient http)
    {
        while (true)
        {
            try
            {
                return await RelocateAsync(http);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, Patience);
            }
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
