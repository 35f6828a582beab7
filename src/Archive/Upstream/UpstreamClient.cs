using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Relo.Archive.Upstream;

/// <summary>
/// Downloads files from the upstream, only below its configured root, at URLs built from checked parts. Every failure becomes a reply.
/// </summary>
internal sealed class UpstreamClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client, which <see cref="UpstreamRegistration"/> configures.</summary>
    public const string Name = "upstream";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    public async Task<UpstreamReply> GetAsync(UpstreamPath path, CancellationToken ct)
    {
        try
        {
            using var client = clients.CreateClient(Name);
            using var answer = await client.GetAsync(new Uri(path.Address, UriKind.Relative), ct);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new UpstreamFile(await answer.Content.ReadAsByteArrayAsync(ct)),
                HttpStatusCode.NotFound or HttpStatusCode.Gone => new UpstreamMissing(),
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                    Failed($"it redirects ({(int)answer.StatusCode}), which is not followed"),
                var other => Failed($"it responds with {(int)other}"),
            };
        }
        catch (UpstreamTooLargeException e)
        {
            return new UpstreamUnfit(e.Message);
        }
        catch (HttpRequestException e)
        {
            return Failed(IsOutOfReach(e) ? $"it cannot be reached: {e.Message}" : $"the request failed: {e.GetBaseException().Message}");
        }
        catch (BrokenCircuitException e)
        {
            return new UpstreamFailed("it failed several times recently, so requests are paused", e.RetryAfter ?? Soon);
        }
        catch (RateLimiterRejectedException)
        {
            return Failed("too many kernels are being requested");
        }
        catch (TimeoutRejectedException e)
        {
            return Failed($"it did not respond within {e.Timeout.TotalSeconds:0.###} s");
        }
        catch (OperationCanceledException e) when (IsConnectTimeout(e))
        {
            return Failed($"it cannot be reached: {e.InnerException!.Message}");
        }
    }

    private static UpstreamFailed Failed(string reason) => new(reason, Soon);

    /// <summary>SocketsHttpHandler reports its connect timeout as a cancellation around a <see cref="TimeoutException"/>.</summary>
    public static bool IsConnectTimeout(Exception? e) => e is OperationCanceledException { InnerException: TimeoutException };

    /// <summary>Whether the upstream itself fails; the requested kernel may still exist.</summary>
    public static bool IsTrouble(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException
        || IsConnectTimeout(outcome.Exception) || IsBusy(outcome.Result);

    /// <summary>Whether an immediate retry may succeed: not if the host is unreachable, which would only make the caller wait.</summary>
    public static bool IsPassing(Outcome<HttpResponseMessage> outcome) =>
        (outcome.Exception is HttpRequestException e && !IsOutOfReach(e)) || IsBusy(outcome.Result);

    private static bool IsOutOfReach(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError;

    private static bool IsBusy(HttpResponseMessage? answer) =>
        answer is { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests };
}
