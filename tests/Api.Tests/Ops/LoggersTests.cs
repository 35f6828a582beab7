using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relo.Api.Ops;
using Serilog.Core;
using Serilog.Events;

namespace Relo.Api.Tests.Ops;

public sealed class LoggersTests
{
    // A sink that writes in batches loses its last batch if it is not disposed.
    [Fact]
    public async Task The_end_of_the_service_disposes_the_sinks_so_that_the_last_lines_are_written()
    {
        var sink = new Sink();
        await using (var services = Build(sink))
        {
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Relo.Test").LogInformation("the last line");
            Assert.Equal(["the last line"], sink.Lines);
            Assert.False(sink.IsDisposed);
        }

        Assert.True(sink.IsDisposed);
    }

    [Fact]
    public async Task A_category_has_one_logger()
    {
        await using var services = Build(new Sink());
        var factory = services.GetRequiredService<ILoggerFactory>();
        Assert.Same(factory.CreateLogger("Relo.Test"), factory.CreateLogger("Relo.Test"));
        Assert.NotSame(factory.CreateLogger("Relo.Test"), factory.CreateLogger("Relo.Other"));
    }

    private static ServiceProvider Build(Sink sink)
    {
        var configuration = new ConfigurationBuilder().Build();
        return new ServiceCollection().AddMetrics().AddSingleton<IConfiguration>(configuration).AddSingleton<ILogEventSink>(sink)
            .AddRequestLog(configuration).BuildServiceProvider();
    }

    private sealed class Sink : ILogEventSink, IDisposable
    {
        public List<string> Lines { get; } = [];

        public bool IsDisposed { get; private set; }

        public void Emit(LogEvent logEvent) => Lines.Add(logEvent.RenderMessage());

        public void Dispose() => IsDisposed = true;
    }
}
