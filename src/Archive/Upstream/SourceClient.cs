using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace Relo.Archive.Upstream;

/// <summary>
/// Downloads files of one source, within its limits: concurrent and waiting downloads, time, size, retries, a pause after failures.
/// Reads the whole body within them, so they also cover a body that hangs, breaks off or never ends.
/// </summary>
internal sealed class SourceClient : IDisposable
{
    private const int Retries = 2, MostConnections = 4, MostWaiting = 64, PieceBytes = 64 << 10;

    // Polly's breaker opens at a failure ratio over a period: here at least two requests, of which half fail.
    private const int FewestRequests = 2;
    private const double FailureRatio = 0.5;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly SourceHttp _http;
    private readonly ResiliencePipeline<Reply> _turns, _attempts;
    private readonly TimeSpan _timeout;
    private readonly Pace _pace;
    private readonly string _scratch;
    private readonly string? _key;

    /// <param name="place">Where the source is.</param>
    /// <param name="options">Limits.</param>
    /// <param name="pace">The bandwidth.</param>
    /// <param name="scratch">Folder for large bodies.</param>
    public SourceClient(SourcePlace place, UpstreamOptions options, Pace pace, string scratch)
    {
        (Root, _pace, _scratch, _key) = (place.Root, pace, scratch, place.Key);
        _http = new(place.Root, place.Follows, place.AllowsPrivate, options, MostConnections);
        (_turns, _attempts, _timeout) = (Turns(options), Attempts(), place.Timeout ?? options.Timeout);
    }

    /// <summary>The root of the source.</summary>
    public Uri Root { get; }

    /// <summary>Downloads a file.</summary>
    /// <param name="address">Its address below the root, escaped.</param>
    /// <param name="what">Its name in messages.</param>
    /// <param name="mostBytes">The largest size.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Null if the source responds with 404 or 410.</returns>
    /// <exception cref="SourceException">Any other response, or a failure.</exception>
    public Task<Download?> GetAsync(string address, string what, long mostBytes, CancellationToken ct) =>
        AskAsync(HttpMethod.Get, address, what, mostBytes, ct);

    /// <summary>The date of a file, without its bytes; null if the source does not have it or gives no date.</summary>
    public async Task<DateTimeOffset?> DateAsync(string address, string what, CancellationToken ct)
    {
        using var head = await AskAsync(HttpMethod.Head, address, what, 0, ct);
        return head?.ModifiedAt;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Download?> AskAsync(HttpMethod method, string address, string what, long mostBytes, CancellationToken ct)
    {
        if (!Uri.TryCreate(Root, address, out var uri) || !Root.IsBaseOf(uri))
            throw SourceException.Unfit(what, $"its path '{address}' leads out of {Root}");
        try
        {
            var reply = await _turns.ExecuteAsync(async stop => await TimedAsync(method, uri, what, mostBytes, stop), ct);
            return reply.Status switch
            {
                HttpStatusCode.OK => reply.Body,
                HttpStatusCode.NotFound or HttpStatusCode.Gone => null,
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                    throw new SourceException(what, $"it redirects ({(int)reply.Status}), which is not followed"),
                var other => throw new SourceException(what, $"it responds with {(int)other}"),
            };
        }
        catch (Exception e) when (Failure(what, e) is { } failure)
        {
            throw failure;
        }
    }

    private async Task<Reply> TimedAsync(HttpMethod method, Uri address, string what, long mostBytes, CancellationToken ct)
    {
        using var timer = new DownloadTimer(_timeout, ct);
        try
        {
            return await _attempts.ExecuteAsync(async stop => await OnceAsync(method, address, what, mostBytes, timer, stop), timer.Token);
        }
        catch (OperationCanceledException e) when (timer.IsOver && !ct.IsCancellationRequested)
        {
            throw new TimeoutRejectedException("the download took too long", _timeout, e);
        }
    }

    private async Task<Reply> OnceAsync(
        HttpMethod method, Uri address, string what, long mostBytes, DownloadTimer timer, CancellationToken ct)
    {
        using var response = await _http.SendAsync(method, address, what, _key, ct);
        if (response.StatusCode != HttpStatusCode.OK) return new(response.StatusCode, null);
        var body = new Download(_scratch) { ModifiedAt = response.Content.Headers.LastModified };
        try
        {
            if (method == HttpMethod.Get) await ReadAsync(response.Content, body, what, mostBytes, timer, ct);
            return new(response.StatusCode, body);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private async Task ReadAsync(
        HttpContent content, Download body, string what, long mostBytes, DownloadTimer timer, CancellationToken ct)
    {
        if (content.Headers.ContentLength is { } announced && announced > mostBytes)
            throw TooLarge(what, $"it announces {announced} bytes, at most {mostBytes} are accepted");
        var piece = new byte[PieceBytes];
        await using var stream = await content.ReadAsStreamAsync(ct);
        while (await ReadAsync(stream, piece, body.Length, ct) is > 0 and var read)
        {
            if (read > mostBytes - body.Length) throw TooLarge(what, $"it sends more than {mostBytes} bytes");
            body.Write(piece.AsSpan(0, read));
            if (_pace.WaitAsync(read, ct) is { IsCompleted: false } turn) await timer.StandStillAsync(turn);
        }
    }

    // Passing: a mirror that is being updated has another file than its index says, or a page about that.
    private static SourceException TooLarge(string what, string reason) => new(what, reason) { IsUnfit = true, IsPassing = true };

    private static async Task<int> ReadAsync(Stream stream, byte[] piece, long before, CancellationToken ct)
    {
        try
        {
            return await stream.ReadAsync(piece, ct);
        }
        catch (IOException)
        {
            // The retry strategy handles failed requests, not failed streams.
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"its response ended early after {before} bytes");
        }
    }

    private static SourceException? Failure(string what, Exception e) => e switch
    {
        SourceException => null,
        HttpRequestException { InnerException: SourceException refused } => SourceException.Unfit(what, refused.Message, e),
        HttpRequestException http => new(
            what, IsOutOfReach(http) ? $"it cannot be reached: {e.Message}" : $"the request failed: {e.GetBaseException().Message}", e),
        BrokenCircuitException broken => new(what, "it failed several times recently, so requests are paused", e)
        {
            RetryAfter = broken.RetryAfter ?? TimeSpan.FromSeconds(5),
        },
        RateLimiterRejectedException => new(what, "too many kernels are being requested", e),
        TimeoutRejectedException late => new(what, $"it did not respond within {late.Timeout.TotalSeconds:0.###} s", e),
        _ when IsConnectTimeout(e) => new(what, $"it cannot be reached: {e.InnerException!.Message}", e),
        _ => null,
    };

    // From the outside in: requests wait for their turn before the timer starts, so that our own queue never counts as the source's
    // failure. The breaker judges complete downloads, and the time limit covers one download with its retries.
    private static ResiliencePipeline<Reply> Turns(UpstreamOptions options) => new ResiliencePipelineBuilder<Reply>()
        .AddConcurrencyLimiter(MostConnections, MostWaiting)
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Reply>
        {
            ShouldHandle = args => ValueTask.FromResult(IsTrouble(args.Outcome)),
            MinimumThroughput = FewestRequests,
            FailureRatio = FailureRatio,
            SamplingDuration = options.Pause,
            BreakDuration = options.Pause,
        })
        .Build();

    private static ResiliencePipeline<Reply> Attempts() => new ResiliencePipelineBuilder<Reply>()
        .AddRetry(new RetryStrategyOptions<Reply>
        {
            ShouldHandle = args => ValueTask.FromResult(IsPassing(args.Outcome)),
            MaxRetryAttempts = Retries,
            Delay = RetryDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true, // and no Retry-After: a mirror must not decide how long our callers wait
        })
        .Build();

    // Whether the source itself fails; the requested kernel may still exist.
    private static bool IsTrouble(Outcome<Reply> outcome) =>
        (outcome.Exception is HttpRequestException e && !IsRefused(e)) || outcome.Exception is TimeoutRejectedException
        || IsConnectTimeout(outcome.Exception) || IsBusy(outcome.Result);

    // Whether an immediate retry may succeed: not if the host is unreachable, which would only make the caller wait.
    private static bool IsPassing(Outcome<Reply> outcome) =>
        (outcome.Exception is HttpRequestException e && !IsOutOfReach(e) && !IsRefused(e)) || IsBusy(outcome.Result);

    private static bool IsRefused(HttpRequestException e) => e.InnerException is SourceException;

    private static bool IsOutOfReach(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError;

    private static bool IsBusy(Reply? reply) =>
        reply is { Status: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests };

    // SocketsHttpHandler reports its connect timeout as a cancellation around a TimeoutException.
    private static bool IsConnectTimeout(Exception? e) => e is OperationCanceledException { InnerException: TimeoutException };

    private sealed record Reply(HttpStatusCode Status, Download? Body);
}
