using System.Diagnostics.Metrics;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Http.Limits;
using Relo.Api.Mediation;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Kernels;

namespace Relo.Api.Tests.Mediation;

public sealed class UseCaseTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public void Every_request_has_exactly_one_handler_and_no_handler_sends_to_another()
    {
        var types = typeof(Program).Assembly.GetTypes();
        var requests = types.Where(t => !t.IsAbstract
            && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>))).ToList();
        Assert.True(requests.Count >= 9);
        var handlers = types.SelectMany(t => t.GetInterfaces()
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)), (type, contract) =>
                (type, contract)).ToList();
        Assert.All(requests, r => Assert.Single(handlers, h => h.contract.GenericTypeArguments[0] == r));
        Assert.All(handlers,
            h => Assert.DoesNotContain(
                h.type.GetConstructors().SelectMany(c => c.GetParameters()), p => p.ParameterType == typeof(IMediator)));
    }

    [Fact]
    public void Every_result_has_a_name_because_logs_and_metrics_show_it()
    {
        var results = typeof(Program).Assembly.GetTypes().SelectMany(t => t.GetInterfaces())
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequest<>)).Select(i => i.GenericTypeArguments[0]);
        Assert.All(results, type => Assert.StartsWith("Relo.", type.FullName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Use_case_is_counted_and_timed_by_its_outcome()
    {
        var seen = new List<(double Seconds, string Tags)>();
        using var listener =
            new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == UseCaseMetrics.Meter) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            lock (seen) seen.Add((value, string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))));
        });
        listener.Start();

        await service.Http.GetAsync("/v1/kernels/resolve?kernel=5.12.0-counted");
        await service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body("no object"u8.ToArray()));
        lock (seen)
        {
            Assert.Contains(seen, s => s is { Seconds: > 0, Tags: "use_case=ResolveKernel outcome=KernelNotFound" });
            Assert.Contains(seen, s => s.Tags == "use_case=Relocate outcome=not-a-bpf-object");
        }
    }

    [Fact]
    public async Task Work_stops_when_the_client_is_gone()
    {
        await using var scope = service.Services.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        using var memory = service.Services.GetRequiredService<MemoryBudget>().Share(MemoryUse.Work);
        var request = new Relocate(Samples.Object, new KernelQuery(Samples.NewKernel), FailOn.Nothing, memory);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mediator.Send(request, new CancellationToken(canceled: true)));
    }
}
