using System.Reflection;
using MediatR;

namespace Relo.Api.Mediation;

/// <summary>Wires MediatR 5.1, which has no registration of its own for this container.</summary>
internal static class MediatorRegistration
{
    /// <summary>Registers the mediator, every handler of <paramref name="handlers"/>, and the one behaviour around them.</summary>
    public static IServiceCollection AddUseCases(this IServiceCollection services, Assembly handlers)
    {
        services.AddTransient<ServiceFactory>(provider => provider.GetService!);
        services.AddTransient<IMediator, Mediator>();
        foreach (var type in handlers.GetTypes().Where(t => t is { IsAbstract: false, IsGenericTypeDefinition: false }))
        {
            foreach (var contract in type.GetInterfaces()
                .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)))
                services.AddTransient(contract, type);
        }

        services.AddSingleton<UseCaseMetrics>();
        return services.AddTransient(typeof(IPipelineBehavior<,>), typeof(UseCaseBehavior<,>));
    }
}
