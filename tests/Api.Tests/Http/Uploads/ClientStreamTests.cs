using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Api.Tests.Fixtures;
using Serilog.Events;

namespace Relo.Api.Tests.Http.Uploads;

/// <summary>A connection that is lost while the body is read, before the server has cancelled the request.</summary>
public sealed class ClientStreamTests
{
    public static TheoryData<Exception> Losses =>
    [
        new ConnectionResetException("reset"), new ConnectionAbortedException(), new OperationCanceledException(),
        new IOException("The client reset the request stream."),
    ];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Lost_connection_is_a_client_that_left(Exception loss)
        => Assert.Same(loss, (await Assert.ThrowsAsync<ClientLeftException>(() => ReadAsync(loss))).InnerException);

    [Fact]
    public async Task What_the_server_refuses_or_the_caller_cancels_is_passed_on()
    {
        await Assert.ThrowsAsync<BadHttpRequestException>(
            () => ReadAsync(new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge)));
        await Assert.ThrowsAsync<OperationCanceledException>(() => ReadAsync(new OperationCanceledException(), new(canceled: true)));
    }

    [Theory]
    [InlineData("/v1/relocations", "kernel=1.0", "application/octet-stream")]
    [InlineData("/v1/relocations", "kernel=1.0", "multipart/form-data; boundary=b")]
    [InlineData("/v1/kernels", "release=1.0", "application/octet-stream")]
    [InlineData("/v1/kernels", "release=1.0", "multipart/form-data; boundary=b")]
    [InlineData("/v1/objects", "name=tracer", "application/octet-stream")]
    public async Task Client_that_left_is_logged_as_499_and_never_as_an_error_of_ours(string path, string query, string type)
    {
        using var service = new LosingService();
        using var body = new ByteArrayContent("--b\r\n"u8.ToArray()) { Headers = { { "Content-Type", type } } };
        using var answer = await service.Http.PostAsync($"{path}?{query}", body); // the connection itself is alive
        Assert.Equal(499, (int)answer.StatusCode);
        Assert.Contains(" 499 in ", Assert.Single(await service.Log.RequestsAsync(path, count: 1)), StringComparison.Ordinal);
        Assert.DoesNotContain(service.Log.Events, e => e.Level >= LogEventLevel.Warning);
    }

    private static async Task ReadAsync(Exception loss, CancellationToken stop = default)
    {
        await using var stream = new ClientStream(new LostStream(loss));
        await stream.ReadExactlyAsync(new byte[1], stop);
    }

    private sealed class LostStream(Exception loss) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw loss;
    }

    private sealed class LosingService() : ServiceHost(root: null), IStartupFilter
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<IStartupFilter>(this));
        }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, go) =>
            {
                http.Request.Body = new LostStream(new ConnectionResetException("reset"));
                return go(http);
            });
            next(app);
        };
    }
}
