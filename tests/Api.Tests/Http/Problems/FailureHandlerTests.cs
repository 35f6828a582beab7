using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Tests.Fixtures;
using Serilog;
using Serilog.Events;

namespace Relo.Api.Tests.Http.Problems;

public sealed class FailureHandlerTests
{
    public static TheoryData<Exception, HttpStatusCode, string, string?> Failures => new()
    {
        // an OutOfMemoryException that others than the runtime may make
        { new InsufficientMemoryException(), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "5" },
        { new InvalidOperationException("x", new InsufficientMemoryException()), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "5" },
        { new AggregateException(new IOException(), new InsufficientMemoryException()), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "5" },
        { new TypeInitializationException("T", new InsufficientMemoryException()), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "5" },
        { new DbUpdateException("x", new InsufficientMemoryException()), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "5" },
        { new SqliteException("x", 7), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "2" },
        { new NpgsqlException("x", new IOException()), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "2" },
        { new RetryLimitExceededException("x", new NpgsqlException("x", new TimeoutException())), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "2" },
        { new PostgresException("x", "FATAL", "FATAL", "53100"), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "30" },
        { new PostgresException("x", "ERROR", "ERROR", "23505"), HttpStatusCode.InternalServerError, "internal-error", null },
        { new IOException("x", 28), HttpStatusCode.ServiceUnavailable, "storage-unavailable", "30" },
        { new InsufficientExecutionStackException(), HttpStatusCode.InternalServerError, "internal-error", null },
        { new InvalidOperationException(), HttpStatusCode.InternalServerError, "internal-error", null },
    };

    [Fact]
    public async Task Client_that_leaves_while_its_problem_is_written_is_no_failure()
    {
        using var gone = new CancellationTokenSource();
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestAborted = gone.Token, RequestServices = services };
        // It leaves when the members are read, after the check at the beginning.
        var problem = Problem.InternalError().With("report", new LeavesWhenRead(gone));
        await problem.ExecuteAsync(http);
        Assert.Equal(StatusCodes.Status499ClientClosedRequest, http.Response.StatusCode);
    }

    [Fact]
    public async Task Time_limit_that_expires_while_a_problem_is_made_is_not_a_client_that_left()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.Configure<LimitOptions>(limits => limits.RequestTime = TimeSpan.FromMilliseconds(50));
        builder.Services.AddRequestTimes();
        await using var app = builder.Build();
        app.UseProblems();
        app.UseRequestTimeouts();
        app.MapGet("/", async Task<IResult> (HttpContext request) =>
        {
            await Task.Delay(Timeout.Infinite, request.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Problem.InternalError();
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = app.GetTestClient();
        using var answer = await http.GetAsync("/");
        await answer.ProblemAsync(HttpStatusCode.GatewayTimeout, "time-exceeded");
    }

    [Fact]
    public async Task Time_limit_ends_before_an_answer_or_a_problem_is_sent()
    {
        foreach (var result in new IResult[] { Answer.Ok("document"), Problem.InternalError() })
        {
            var time = new TimeLimit();
            var http = new DefaultHttpContext();
            http.Features.Set<IHttpRequestTimeoutFeature>(time);
            await result.ExecuteAsync(http);
            Assert.True(time.IsDisabled);
        }
    }

    [Fact]
    public async Task What_fails_after_an_answer_has_begun_is_cut_off_and_logged_in_one_line()
    {
        var log = new LogLines();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSerilog(lines => lines.WriteTo.Sink(log), preserveStaticLogger: true);
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseProblems();
        app.MapGet("/", async Task (HttpContext request) =>
        {
            await request.Response.WriteAsync("begun");
            await request.Response.Body.FlushAsync();
            throw new RefusedException(Problem.OutOfMemory());
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(app.Urls.Single()));
        await app.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            ["Warning GET / was cut off after its beginning was sent: the service does not have enough memory for this request"],
            log.Events.Where(line => line.Level >= LogEventLevel.Warning)
                .Select(line => LogLines.Render(line).Replace("\"", "", StringComparison.Ordinal)));
    }

    private sealed class TimeLimit : IHttpRequestTimeoutFeature
    {
        public bool IsDisabled { get; private set; }

        public CancellationToken RequestTimeoutToken => CancellationToken.None;

        public void DisableTimeout() => IsDisabled = true;
    }

    private sealed class LeavesWhenRead(CancellationTokenSource gone)
    {
        public string Text
        {
            get
            {
                gone.Cancel();
                throw new OperationCanceledException(gone.Token);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_flies_becomes_a_problem(Exception failure, HttpStatusCode status, string code, string? retryAfter)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        await using var app = builder.Build();
        app.UseProblems();
        app.MapGet("/", string () => throw failure);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = app.GetTestClient();
        using var answer = await http.GetAsync("/");
        await answer.ProblemAsync(status, code);
        Assert.Equal(retryAfter, answer.Header("Retry-After"));
    }
}
