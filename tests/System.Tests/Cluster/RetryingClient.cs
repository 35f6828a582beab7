using System.Globalization;
using System.Net;

namespace Relo.SystemTests.Cluster;

/// <summary>
/// A client that retries as <c>fetch.sh</c> does: after 429, 408, 5xx and a lost connection, as long as Retry-After says or else twice as
/// long each time.
/// </summary>
internal sealed class RetryingClient(Uri address) : IDisposable
{
    private const int Attempts = 5;

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    private int _requests, _retries, _givenUp;

    /// <summary>Requests sent, those sent again, and questions that failed in all attempts.</summary>
    public (int Requests, int Retries, int GivenUp) Counts => (_requests, _retries, _givenUp);

    /// <summary>The status and body, or null if all attempts failed.</summary>
    public async Task<(HttpStatusCode Status, byte[] Body)?> SendAsync(HttpMethod method, string path, byte[]? body = null)
    {
        var pause = 1;
        for (var attempt = 1; ; attempt++)
        {
            var wait = TimeSpan.FromSeconds(pause);
            try
            {
                using var request =
                    new HttpRequestMessage(method, path) { Content = body is null ? null : Relo.Api.Tests.Fixtures.Answers.Body(body) };
                request.Headers.Accept.ParseAdd("*/*");
                Interlocked.Increment(ref _requests);
                using var answer = await _http.SendAsync(request);
                var bytes = await answer.Content.ReadAsByteArrayAsync();
                if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)) return (answer.StatusCode, bytes);
                Assert.False(
                    answer.StatusCode == HttpStatusCode.InternalServerError,
                    string.Create(CultureInfo.InvariantCulture, $"{method} {path}: 500 {System.Text.Encoding.UTF8.GetString(bytes)}"));
                wait = answer.Headers.RetryAfter?.Delta ?? wait;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
            {
                // The node was killed, or none is there.
            }

            if (attempt == Attempts)
            {
                Interlocked.Increment(ref _givenUp);
                return null;
            }

            Interlocked.Increment(ref _retries);
            await Task.Delay(wait + TimeSpan.FromMilliseconds(Random.Shared.Next(1000 * pause)));
            pause *= 2;
        }
    }

    public void Dispose() => _http.Dispose();
}
