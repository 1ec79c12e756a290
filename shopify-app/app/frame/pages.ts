/** The pages one can go to, in the order in which every frame shows them. */
import {
  AutomationIcon,
  ChartLineIcon,
  ConnectIcon,
  EmailIcon,
  GaugeIcon,
  HomeIcon,
  LightbulbIcon,
  PersonIcon,
  SettingsIcon,
} from '@shopify/polaris-icons';

export const PAGES = [
  { to: '/', label: 'Overview', icon: HomeIcon, end: true },
  { to: '/customers', label: 'Customers', icon: PersonIcon, end: false },
  { to: '/campaigns', label: 'Campaigns', icon: EmailIcon, end: false },
  { to: '/journeys', label: 'Journeys', icon: AutomationIcon, end: false },
  { to: '/insights', label: 'Insights', icon: LightbulbIcon, end: false },
  { to: '/reports', label: 'Reports', icon: ChartLineIcon, end: false },
  { to: '/connections', label: 'Connections', icon: ConnectIcon, end: false },
  { to: '/deliverability', label: 'Deliverability', icon: GaugeIcon, end: false },
  { to: '/settings', label: 'Settings', icon: SettingsIcon, end: false },
];
