using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Relo.Archive.Upstream;

/// <summary>Gets files from the upstream. Only below its configured root, by addresses made of checked parts; whatever it does, a reply in words comes of it.</summary>
internal sealed class UpstreamClient(IHttpClientFactory clients)
{
    /// <summary>Name of the HTTP client, whose handlers <see cref="UpstreamRegistration"/> puts together.</summary>
    public const string Name = "upstream";

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
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => new UpstreamFailed($"it answers {(int)answer.StatusCode} and points elsewhere, which is not followed"),
                var other => new UpstreamFailed($"it answers {(int)other}"),
            };
        }
        catch (UpstreamTooLargeException e)
        {
            return new UpstreamFailed(e.Message);
        }
        catch (HttpRequestException e)
        {
            return new UpstreamFailed(IsOutOfReach(e) ? $"it cannot be reached: {e.Message}" : $"asking it failed: {e.GetBaseException().Message}");
        }
        catch (BrokenCircuitException)
        {
            return new UpstreamFailed("it failed several times just now and is left alone for a while");
        }
        catch (TimeoutRejectedException e)
        {
            return new UpstreamFailed($"it did not answer within {e.Timeout.TotalSeconds:0.###} s");
        }
        catch (OperationCanceledException e) when (IsConnectTimeout(e))
        {
            return new UpstreamFailed($"it cannot be reached: {e.InnerException!.Message}");
        }
    }

    /// <summary>SocketsHttpHandler tells its connect timeout as a cancellation around a <see cref="TimeoutException"/>.</summary>
    public static bool IsConnectTimeout(Exception? e) => e is OperationCanceledException { InnerException: TimeoutException };

    /// <summary>Whether the upstream is in trouble, which tells nothing of the kernel that was asked for.</summary>
    public static bool IsTrouble(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException || IsConnectTimeout(outcome.Exception) || IsBusy(outcome.Result);

    /// <summary>Whether asking again at once may help: not where nobody can be reached, that would only make the caller wait.</summary>
    public static bool IsPassing(Outcome<HttpResponseMessage> outcome) =>
        (outcome.Exception is HttpRequestException e && !IsOutOfReach(e)) || IsBusy(outcome.Result);

    private static bool IsOutOfReach(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;

    private static bool IsBusy(HttpResponseMessage? answer) =>
        answer is { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests };
}
