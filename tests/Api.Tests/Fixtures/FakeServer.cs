using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relo.Api.Tests.Fixtures;

/// <summary>
/// A server that sends prepared responses, one per connection, repeating the last one. Byte by byte, because some are invalid.
/// </summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<Answer> _answers;
    private readonly Task _serving;

    public FakeServer(params Answer[] answers)
    {
        _answers = new(answers);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>A response.</summary>
    /// <param name="Status">HTTP status.</param>
    /// <param name="Body">What is sent.</param>
    /// <param name="ETag">Its ETag.</param>
    /// <param name="Length">What Content-Length says; null for the truth.</param>
    /// <param name="Field">A further header line.</param>
    public sealed record Answer(int Status, byte[] Body, string? ETag = null, int? Length = null, string? Field = null);

    /// <summary>Called while the client waits for its response.</summary>
    public Action WhileItWaits { get; set; } = () => { };

    public string Address => $"http://{_listener.LocalEndpoint}";

    public List<(string Target, string? Key)> Requests { get; } = [];

    /// <summary>How many of them said that the connection ends with them.</summary>
    public int Closing { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream(), _answers.Count > 1 ? _answers.Dequeue() : _answers.Peek());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // stopped
        }
    }

    private async Task AnswerAsync(NetworkStream stream, Answer answer)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var target = (await reader.ReadLineAsync())?.Split(' ')[1] ?? "";
        string? key = null;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("X-Api-Key: ", StringComparison.OrdinalIgnoreCase)) key = line["X-Api-Key: ".Length..];
            if (line.Equals("Connection: close", StringComparison.OrdinalIgnoreCase)) Closing++;
        }

        Requests.Add((target, key));
        var head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {answer.Status} Status\r\nContent-Length: {answer.Length ?? answer.Body.Length}\r\nConnection: close\r\n");
        if (answer.ETag is not null) head += $"ETag: {answer.ETag}\r\n";
        if (answer.Field is not null) head += answer.Field + "\r\n";
        WhileItWaits();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n"));
        await stream.WriteAsync(answer.Body);
    }
}
